import type { EvidenceView, Thresholds } from "../../api";

/** Evidence in bits that a probability is: log₂ of the odds; 0.5 is 0. */
export function bitsOf(probability: number): number {
  const kept = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log2(kept / (1 - kept));
}

/** Probability of so many bits. */
export const probabilityOf = (bits: number): number => 1 / (1 + 2 ** -bits);

/** "+4.2", "−3.6" */
export function signed(bits: number): string {
  const rounded = Math.abs(bits).toFixed(1);
  if (rounded === "0.0") return "0.0";
  return `${bits < 0 ? "−" : "+"}${rounded}`;
}

export type Scale = { /** place of so many bits, in percent of the width */ at: (bits: number) => number };

/** A scale that holds all bars, the even odds and both thresholds. */
export function scaleOf(evidence: EvidenceView[], thresholds: Thresholds): Scale {
  const marks = [0, bitsOf(thresholds.review), bitsOf(thresholds.merge), ...evidence.map(({ sum }) => sum)];
  const low = Math.min(...marks) - 0.5;
  const high = Math.max(...marks) + 0.5;
  return { at: (bits) => ((Math.min(high, Math.max(low, bits)) - low) / (high - low)) * 100 };
}
