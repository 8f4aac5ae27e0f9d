import type { UserError } from "../api";

/** Anything thrown, as something a person can read. */
export function asUserError(reason: unknown): UserError {
  if (typeof reason === "object" && reason !== null && "message" in reason && "code" in reason) {
    return reason as UserError;
  }
  return {
    code: "internal",
    message: "Something in Muster went wrong.",
    help: "Your work is saved. Try again; if it stays, restart Muster.",
  };
}

/** Whether the person stopped it, which is no error. */
export function isCancelled(reason: unknown): boolean {
  return asUserError(reason).code === "cancelled";
}
