package dev.gpucloud.billing.invoice.engine;

/** Why a line is on an invoice. */
public enum LineCategory {
  USAGE,
  COMMITMENT_FEE,
  UNUSED,
  OVERAGE,
  TRUE_UP,
  CREDIT,
  SLA,
  CORRECTION
}
