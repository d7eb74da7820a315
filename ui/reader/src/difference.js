// Two texts, word by word: which parts of each the other does not have, after Myers' O(ND) algorithm.
// Long texts are first compared by lines, and only lines that differ by words; past a bound all of a part differs.
const WORDS = /\s+|[\p{L}\p{N}\p{M}_]+|[^]/gu;
const LINES = /[^\n]*\n|[^\n]+/g;
const MANY = 6000; // words of both texts up to which words are compared at once
const EDITS = 800; // differing words up to which the shortest difference is looked for

// Parts of both texts, [text, differs], in order; share: of the longer text's signs that both have, 0 to 1.
export function difference(left, right) {
  const pairs = compared(left, right);
  const sides = [0, 1].map((side) => joined(pairs.filter((pair) => pair[side]).map((pair) => [pair[side], pair[0] !== pair[1]])));
  const size = ([text]) => text.replace(/\s/g, "").length;
  const [same, most] = [sides[0].filter(([, differs]) => !differs).reduce((sum, part) => sum + size(part), 0),
    Math.max(...sides.map((parts) => parts.reduce((sum, part) => sum + size(part), 0)))];
  return { left: sides[0], right: sides[1], share: most ? same / most : 1 };
}

// [left, right] pairs in order: equal where both have the text, an empty side where only the other has it.
function compared(left, right) {
  const words = [left.match(WORDS) ?? [], right.match(WORDS) ?? []];
  if (words[0].length + words[1].length <= MANY) return aligned(...words);
  const lines = [left.match(LINES) ?? [], right.match(LINES) ?? []];
  let pairs = [];
  let hunk = ["", ""];
  const close = () => {
    if (!hunk[0] && !hunk[1]) return;
    pairs = pairs.concat(hunk[0] && hunk[1] ? aligned(hunk[0].match(WORDS), hunk[1].match(WORDS)) : [hunk]);
    hunk = ["", ""];
  };
  for (const [a, b] of aligned(...lines)) {
    if (a === b) {
      close();
      pairs.push([a, b]);
    } else hunk = [hunk[0] + a, hunk[1] + b];
  }
  close();
  return pairs;
}

function aligned(a, b) {
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const same = (part) => part.map((word) => [word, word]);
  return [
    ...same(a.slice(0, start)),
    ...shortest(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...same(a.slice(a.length - end)),
  ];
}

function shortest(a, b) {
  if (!a.length || !b.length) return [...a.map((w) => [w, ""]), ...b.map((w) => ["", w])];
  const most = Math.min(a.length + b.length, EDITS);
  const reach = new Int32Array(2 * most + 3);
  const trail = [];
  for (let d = 0; d <= most; d++) {
    trail.push(reach.slice(most + 1 - d - 1, most + 1 + d + 2)); // what round d starts from: diagonals -d-1 to d+1
    for (let k = -d; k <= d; k += 2) {
      const middle = most + 1 + k;
      let x = k === -d || (k !== d && reach[middle - 1] < reach[middle + 1]) ? reach[middle + 1] : reach[middle - 1] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach[middle] = x;
      if (x >= a.length && x - k >= b.length) return walked(a, b, trail);
    }
  }
  return [...a.map((w) => [w, ""]), ...b.map((w) => ["", w])];
}

function walked(a, b, trail) {
  const pairs = [];
  let x = a.length, y = b.length;
  for (let d = trail.length - 1; d >= 0; d--) {
    const reach = (k) => trail[d][k + d + 1];
    const k = x - y;
    const before = k === -d || (k !== d && reach(k - 1) < reach(k + 1)) ? k + 1 : k - 1;
    const fromX = d ? reach(before) : 0, fromY = d ? fromX - before : 0;
    while (x > fromX && y > fromY) pairs.push([a[--x], b[--y]]);
    if (!d) break;
    if (x > fromX) pairs.push([a[--x], ""]);
    else pairs.push(["", b[--y]]);
  }
  return pairs.reverse();
}

// Neighbours of a kind become one part; a single space between two that differ differs too.
function joined(parts) {
  const found = [];
  parts.forEach(([text, differs], i) => {
    const bridged = !differs && text === " " && parts[i - 1]?.[1] && parts[i + 1]?.[1];
    const last = found.at(-1);
    if (last && last[1] === (differs || bridged)) last[0] += text;
    else found.push([text, Boolean(differs || bridged)]);
  });
  return found;
}
