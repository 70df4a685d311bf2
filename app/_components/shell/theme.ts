/** The theme a person chose; absent, the system's rules. */
export const THEME_COOKIE = "corral-theme";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

/** Told to the window when the theme changes, since more than one place can change it. */
export const THEME_CHANGED = "corral:theme-changed";

/** What `data-theme` on <html> must be for a cookie's value: `undefined` leaves it to the system. */
export function themeOf(cookie: string | undefined): "light" | "dark" | undefined {
  return cookie === "light" || cookie === "dark" ? cookie : undefined;
}

/** The theme that is shown now. */
export function currentTheme(): Theme {
  return themeOf(document.documentElement.dataset.theme) ?? "system";
}

/** Applies a theme now and remembers it for a year. */
export function setTheme(theme: Theme): void {
  const shown = themeOf(theme);
  if (shown === undefined) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = shown;
  document.cookie = `${THEME_COOKIE}=${theme}; path=/; max-age=31536000; samesite=lax`;
  window.dispatchEvent(new Event(THEME_CHANGED));
}
