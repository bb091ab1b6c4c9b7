package dev.gpucloud.devstack.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A program to run as a child of the supervisor. The child gets exactly this environment beside a
 * minimal one, writes to the log file, and gets {@code deathSignal} from the kernel when the
 * supervisor dies. {@code asNobody} runs it in a user namespace when the supervisor is root, for
 * programs that refuse to be root.
 */
public record ChildSpec(
    List<String> command,
    Map<String, String> environment,
    Path folder,
    Path log,
    String deathSignal,
    String stopSignal,
    boolean asNobody) {}
