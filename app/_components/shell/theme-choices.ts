import { Monitor, Moon, Sun } from "lucide-react";
import type { LucideIcon } from "lucide-react";

import type { Theme } from "./theme.ts";

/** The themes as one chooses them. */
export const THEME_CHOICES: { theme: Theme; label: string; Icon: LucideIcon }[] = [
  { theme: "light", label: "Light", Icon: Sun },
  { theme: "dark", label: "Dark", Icon: Moon },
  { theme: "system", label: "System", Icon: Monitor },
];
