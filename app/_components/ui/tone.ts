/** The six tones in which the interface speaks of states. */
export type Tone = "neutral" | "info" | "success" | "warning" | "danger" | "dead";

/** Text, soft background and line of a tone: badges, notices. */
export const TONE_SOFT: Record<Tone, string> = {
  neutral: "border-neutral-line bg-neutral-soft text-neutral-fg",
  info: "border-info-line bg-info-soft text-info-fg",
  success: "border-success-line bg-success-soft text-success-fg",
  warning: "border-warning-line bg-warning-soft text-warning-fg",
  danger: "border-danger-line bg-danger-soft text-danger-fg",
  dead: "border-dead-line bg-dead-soft text-dead-fg",
};

/** A tone's text colour alone. */
export const TONE_TEXT: Record<Tone, string> = {
  neutral: "text-neutral-fg",
  info: "text-info-fg",
  success: "text-success-fg",
  warning: "text-warning-fg",
  danger: "text-danger-fg",
  dead: "text-dead-fg",
};

/** A tone's solid mark: bars, dots. */
export const TONE_MARK: Record<Tone, string> = {
  neutral: "bg-neutral-mark",
  info: "bg-info-mark",
  success: "bg-success-mark",
  warning: "bg-warning-mark",
  danger: "bg-danger-mark",
  dead: "bg-dead-mark",
};
