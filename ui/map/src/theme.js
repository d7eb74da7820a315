// Streamlit's theme, read from the variables that it gives to components.
import { isDark } from "./colours.js";

export function readTheme(element) {
  const css = getComputedStyle(element);
  const read = (name, other) => css.getPropertyValue(name).trim() || other;
  const back = read("--st-background-color", "#ffffff");
  const dark = isDark(back);
  return {
    back, dark,
    text: read("--st-text-color", dark ? "#fafafa" : "#31333f"),
    accent: read("--st-primary-color", "#478fff"),
    family: read("--st-font", "system-ui, sans-serif"),
  };
}

export function paintTheme(box, { back, text, accent, dark }) {
  const values = {
    "--back": back, "--text": text, "--accent": accent,
    "--line": dark ? "rgb(255 255 255 / 14%)" : "rgb(20 25 40 / 12%)",
    "--hover": dark ? "rgb(255 255 255 / 9%)" : "rgb(20 25 40 / 6%)",
    "--glass": `color-mix(in srgb, ${back} 84%, transparent)`,
  };
  for (const [name, value] of Object.entries(values)) box.style.setProperty(name, value);
}
