"use client";

import { Monitor, Moon, Sun } from "lucide-react";
import { useState } from "react";

import { IconButton } from "../ui/button.tsx";
import { DropdownMenu, MenuRadioGroup, MenuRadioItem } from "../ui/dropdown-menu.tsx";
import { setTheme, THEMES, themeOf } from "./theme.ts";
import type { Theme } from "./theme.ts";

const CHOICES: Record<Theme, { label: string; Icon: typeof Sun }> = {
  light: { label: "Light", Icon: Sun },
  dark: { label: "Dark", Icon: Moon },
  system: { label: "System", Icon: Monitor },
};

/** Light, dark, or as the system has it. `initial` comes from the cookie, so that server and browser agree. */
export function ThemeMenu({ initial }: { initial: string | undefined }) {
  const [theme, choose] = useState<Theme>(themeOf(initial) ?? "system");
  const { Icon } = CHOICES[theme];
  const change = (next: string) => {
    const chosen = THEMES.find((one) => one === next) ?? "system";
    setTheme(chosen);
    choose(chosen);
  };
  return (
    <DropdownMenu
      label="Theme"
      trigger={
        <IconButton label={`Theme: ${CHOICES[theme].label}`}>
          <Icon aria-hidden />
        </IconButton>
      }
    >
      <MenuRadioGroup value={theme} onValueChange={change}>
        {THEMES.map((value) => {
          const choice = CHOICES[value];
          return (
            <MenuRadioItem key={value} value={value}>
              <choice.Icon aria-hidden />
              {choice.label}
            </MenuRadioItem>
          );
        })}
      </MenuRadioGroup>
    </DropdownMenu>
  );
}
