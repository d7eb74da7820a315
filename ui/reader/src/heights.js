// How high every row is, guessed until it was measured: where a row begins, and which row lies at a height.
const BLOCK = 512;

export class Heights {
  constructor(n, guess) {
    this.n = n;
    this.measured = new Uint8Array(n);
    this.each = new Float32Array(n);
    this.blocks = new Float64Array(Math.ceil(n / BLOCK));
    this.guess(guess);
  }

  // Rows that were not measured count as the new guess.
  guess(guess) {
    this.guessed = guess;
    this.blocks.fill(0);
    this.total = 0;
    for (let i = 0; i < this.n; i++) {
      if (!this.measured[i]) this.each[i] = guess;
      this.blocks[(i / BLOCK) | 0] += this.each[i];
    }
    for (const block of this.blocks) this.total += block;
  }

  set(i, height) {
    const more = Math.fround(height) - this.each[i];
    this.measured[i] = 1;
    this.each[i] = height;
    this.blocks[(i / BLOCK) | 0] += more;
    this.total += more;
    return more;
  }

  top(i) {
    let top = 0;
    const block = (i / BLOCK) | 0;
    for (let b = 0; b < block; b++) top += this.blocks[b];
    for (let j = block * BLOCK; j < i; j++) top += this.each[j];
    return top;
  }

  at(height) {
    let block = 0, top = 0;
    while (block < this.blocks.length - 1 && top + this.blocks[block] <= height) top += this.blocks[block++];
    let i = block * BLOCK;
    while (i < this.n - 1 && top + this.each[i] <= height) top += this.each[i++];
    return Math.max(0, Math.min(this.n - 1, i));
  }
}
