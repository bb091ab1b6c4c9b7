package dev.gpucloud.agent.simulated;

import dev.gpucloud.agent.engine.RunSpec;
import dev.gpucloud.contracts.event.RunSetup;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a simulated instance says when it boots: what it was given and found. */
final class SimulatedConsole {
  private static final RunSetup NOTHING = new RunSetup(null, null, null, null, null, null);

  private SimulatedConsole() {}

  static String boot(RunSpec run) {
    RunSetup setup = run.setup() == null ? NOTHING : run.setup();
    StringBuilder text = new StringBuilder();
    line(
        text,
        "booting %s, boot %d",
        run.image() == null ? "default image" : run.image(),
        run.generation() + 1);
    line(text, "nvidia: %d memory slices of %s", Long.bitCount(run.slots()), run.instanceType());
    if (setup.privateAddress() != null) {
      line(text, "eth0: %s", setup.privateAddress());
    }
    if (setup.partitionKey() != null) {
      line(text, "ib0: partition key 0x%04x", setup.partitionKey());
    }
    for (RunSetup.AttachedVolume volume : orNone(setup.volumes())) {
      line(
          text,
          "%s: volume %s, %d GiB",
          volume.boot() ? "vda" : "vd*",
          volume.name(),
          volume.sizeGib());
    }
    line(text, "cloud-init: %d public keys", orNone(setup.sshKeys()).size());
    if (setup.userData() != null) {
      line(
          text,
          "cloud-init: %d bytes of user data",
          Base64.getDecoder().decode(setup.userData()).length);
    }
    line(text, "firewall: %d rules", orNone(setup.ingress()).size());
    line(text, "login:");
    return text.toString();
  }

  private static <T> List<T> orNone(@Nullable List<T> some) {
    return some == null ? List.of() : some;
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(format.formatted(values)).append('\n');
  }
}
