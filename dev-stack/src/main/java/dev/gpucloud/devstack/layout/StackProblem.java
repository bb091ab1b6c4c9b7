package dev.gpucloud.devstack.layout;

/** Why a stack cannot start or go on, in words for the person at the terminal, with the way out. */
public final class StackProblem extends RuntimeException {
  public static final int UNEXPECTED = 1;
  public static final int USAGE = 2;
  public static final int NOT_BUILT = 11;
  public static final int PORT_TAKEN = 12;
  public static final int DISK_FULL = 13;
  public static final int OTHER_USER = 14;
  public static final int COMPONENT_FAILED = 15;
  public static final int ALREADY_STARTING = 16;
  public static final int NOT_SUPPORTED = 17;
  public static final int NOT_RUNNING = 18;
  public static final int SCENARIO_REFUSED = 19;
  public static final int INTERRUPTED = 130;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  public StackProblem(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public StackProblem(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
