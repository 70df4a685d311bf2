/** Why a command can't go on: one sentence that says what is wrong and one that says what to do. Shown without a stack. */
export class Refusal extends Error {
  name = "Refusal";
}
