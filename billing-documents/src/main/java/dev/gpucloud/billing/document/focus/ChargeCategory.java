package dev.gpucloud.billing.document.focus;

/** What a FOCUS row charges for, with the name it has in the dataset. */
public enum ChargeCategory {
  USAGE("Usage", "Usage-Based"),
  PURCHASE("Purchase", "Recurring"),
  TAX("Tax", "One-Time"),
  CREDIT("Credit", "One-Time"),
  ADJUSTMENT("Adjustment", "One-Time");

  private final String label;
  private final String frequency;

  ChargeCategory(String label, String frequency) {
    this.label = label;
    this.frequency = frequency;
  }

  public String label() {
    return label;
  }

  String frequency() {
    return frequency;
  }
}
