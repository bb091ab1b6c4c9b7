package dev.gpucloud.devstack.process;

import java.nio.file.Files;
import java.nio.file.Path;

/** What the supervisor must know about the machine it runs on. */
public final class Platform {
  private Platform() {}

  public static boolean isLinux() {
    return System.getProperty("os.name", "").startsWith("Linux");
  }

  /** Whether this process runs as root, which PostgreSQL refuses to do. */
  public static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** The java launcher of the JDK that runs this process. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Whether a program is on the usual paths. */
  public static boolean has(String program) {
    return Files.isExecutable(Path.of("/usr/bin", program))
        || Files.isExecutable(Path.of("/bin", program));
  }
}
