package dev.gpucloud.devstack.clock;

/** The business clock cannot do what was asked. */
public final class ClockRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  ClockRefused(String code, String detail) {
    super(detail);
    this.code = code;
  }

  /** What clients switch on. */
  public String code() {
    return code;
  }
}
