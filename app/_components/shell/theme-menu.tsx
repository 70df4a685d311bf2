"use client";

import { useSyncExternalStore } from "react";

import { IconButton } from "../ui/button.tsx";
import { DropdownMenu, MenuRadioGroup, MenuRadioItem } from "../ui/dropdown-menu.tsx";
import { THEME_CHANGED, THEMES, currentTheme, setTheme, themeOf } from "./theme.ts";
import { THEME_CHOICES } from "./theme-choices.ts";

function subscribe(listener: () => void): () => void {
  window.addEventListener(THEME_CHANGED, listener);
  return () => window.removeEventListener(THEME_CHANGED, listener);
}

/** Light, dark, or as the system has it. `initial` comes from the cookie, so that server and browser agree. */
export function ThemeMenu({ initial }: { initial: string | undefined }) {
  const theme = useSyncExternalStore(subscribe, currentTheme, () => themeOf(initial) ?? "system");
  const chosen = THEME_CHOICES.find((choice) => choice.theme === theme);
  return (
    <DropdownMenu
      label="Theme"
      trigger={<IconButton label={`Theme: ${chosen?.label ?? "System"}`}>{chosen !== undefined && <chosen.Icon aria-hidden />}</IconButton>}
    >
      <MenuRadioGroup value={theme} onValueChange={(next) => setTheme(THEMES.find((one) => one === next) ?? "system")}>
        {THEME_CHOICES.map((choice) => (
          <MenuRadioItem key={choice.theme} value={choice.theme}>
            <choice.Icon aria-hidden />
            {choice.label}
          </MenuRadioItem>
        ))}
      </MenuRadioGroup>
    </DropdownMenu>
  );
}
