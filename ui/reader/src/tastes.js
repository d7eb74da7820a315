// How a person likes to read, remembered by the browser: cards or lines for all lists, the columns for each dataset.
const NAME = "winnow.reader";

const read = () => { try { return JSON.parse(localStorage.getItem(NAME)) ?? {}; } catch { return {}; } };

export function readTastes({ dataset, all }) {
  const { view, columns } = read();
  const chosen = columns?.[dataset]?.filter((key) => all.some((column) => column.key === key));
  return { ...(view && { view }), ...(chosen && { wanted: chosen }) };
}

export function writeTastes({ dataset }, { view, columns }) {
  const old = read();
  const all = columns ? { ...old.columns, [dataset]: columns } : old.columns;
  try { localStorage.setItem(NAME, JSON.stringify({ ...old, view, columns: all })); } catch { /* a browser may forbid it */ }
}

// What a person calls themselves beside what they correct.
export const readName = () => String(read().name ?? "");

export function writeName(name) {
  try { localStorage.setItem(NAME, JSON.stringify({ ...read(), name })); } catch { /* a browser may forbid it */ }
}
