package dev.gpucloud.cli;

/** What the process tells its caller; documented, so scripts may rely on it. */
public enum ExitCode {
  /** It was done. */
  OK(0, "done"),
  /** A fault of the program itself. */
  INTERNAL(1, "a fault of the program itself"),
  /** The command line or a value in it is wrong (also 400, 413, 415 and 422 of the API). */
  USAGE(2, "wrong command line, or a value the API refuses as invalid (400, 413, 415, 422)"),
  /** Nobody is logged in, or the login has ended (401). */
  NOT_LOGGED_IN(3, "not logged in (401)"),
  /** The roles do not allow it (403). */
  FORBIDDEN(4, "your roles do not allow it (403)"),
  /** There is no such thing for this caller (404). */
  NOT_FOUND(5, "not found (404)"),
  /**
   * The state of things does not allow it now: quota, capacity, version, four eyes (409, 412, 428).
   */
  REFUSED(6, "refused as things stand: state, quota, capacity, version (409, 412, 428)"),
  /** The service is not reachable or failed (5xx, 429). */
  UNAVAILABLE(7, "service not reachable, overloaded or failed (429, 5xx)"),
  /** What was waited for did not happen. */
  WAITED_IN_VAIN(8, "what --wait waited for did not happen"),
  /** A check that the command makes itself found a difference. */
  CHECK_FAILED(9, "a check found a difference (demo, audit, verify)");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** The process exit status. */
  public int code() {
    return code;
  }

  String meaning() {
    return meaning;
  }

  static ExitCode ofStatus(int status) {
    return switch (status) {
      case 401 -> NOT_LOGGED_IN;
      case 403 -> FORBIDDEN;
      case 404 -> NOT_FOUND;
      case 409, 412, 428 -> REFUSED;
      case 429 -> UNAVAILABLE;
      default -> status >= 500 ? UNAVAILABLE : USAGE;
    };
  }
}
