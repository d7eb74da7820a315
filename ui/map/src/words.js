// Names of any length and script on a few short lines.
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\uabff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const ABOUT = 18; // letters of a line
const MOST = 3; // lines

const letters = (text) => [...text];
const wide = (text) => letters(text).reduce((sum, c) => sum + (WIDE.test(c) ? 2 : 1), 0);

export function shorten(text, most = 44) {
  const clean = letters(String(text).replace(/\s+/g, " ").trim());
  let room = most;
  const kept = clean.filter((c) => (room -= WIDE.test(c) ? 2 : 1) >= 0);
  return kept.length < clean.length ? kept.slice(0, -1).join("").trimEnd() + "…" : kept.join("");
}

// Lines of about one length, broken at spaces; where there is none, and in Chinese and Japanese, between letters.
export function lines(text) {
  const whole = wide(text);
  if (whole <= ABOUT + 2) return [text];
  const goal = Math.max(ABOUT - 4, Math.ceil(whole / Math.min(MOST, Math.ceil(whole / ABOUT))));
  const found = [""];
  for (const word of text.split(" ")) {
    const most = WIDE.test(word) ? ABOUT : 1.6 * ABOUT;
    (wide(word) > most ? pieces(word, goal) : [word]).forEach((piece, i) => {
      const line = found.at(-1), joined = line && i === 0 ? `${line} ${piece}` : line + piece;
      if (line && wide(joined) > goal + 3 && found.length < MOST) found.push(piece);
      else found[found.length - 1] = joined;
    });
  }
  return found;
}

function pieces(word, goal) {
  const found = [""];
  for (const letter of letters(word)) {
    if (wide(found.at(-1)) >= goal) found.push("");
    found[found.length - 1] += letter;
  }
  return found;
}
