package dev.gpucloud.systemtests.fuzz;

/** Who sends a request. */
enum Caller {
  ADMIN("platform-admin"),
  FINANCE("finance"),
  OWNER("hanbit-robotics-owner"),
  NOBODY("");

  private final String username;

  Caller(String username) {
    this.username = username;
  }

  /** The user of the scenario; empty for a request without a token. */
  String username() {
    return username;
  }
}
