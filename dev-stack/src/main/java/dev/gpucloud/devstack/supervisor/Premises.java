package dev.gpucloud.devstack.supervisor;

import dev.gpucloud.devstack.client.Passwords;
import dev.gpucloud.devstack.layout.DataFolder;
import dev.gpucloud.devstack.layout.PrivateFiles;
import dev.gpucloud.devstack.layout.StackHome;
import dev.gpucloud.devstack.layout.StackProblem;
import dev.gpucloud.devstack.process.Leftovers;
import dev.gpucloud.devstack.process.Platform;
import dev.gpucloud.devstack.process.Unpack;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The data folder and the machine before anything starts: only one supervisor at a time, nothing
 * left of an earlier one, enough disk, free ports. Every refusal says what to do.
 */
final class Premises {
  private final StackConfig config;
  private final StackHome home;
  private @Nullable FileLock lock;

  Premises(StackConfig config) {
    this.config = config;
    this.home = config.home();
  }

  /** Takes the folder for this process, for as long as it lives. */
  void claim() throws IOException {
    requireTools();
    DataFolder data = new DataFolder(home);
    data.requireOwner();
    requireLock();
    new Leftovers(home.folder()).end(Duration.ofSeconds(15));
    if (config.isNew()) {
      forgetEarlierRun();
    }
    data.requireDisk();
    new PortCheck(config.ports()).requireFree();
  }

  /** The secret of this data folder, made at its first start. */
  String secret() throws IOException {
    Properties secrets = new Properties();
    if (!Files.exists(home.secrets())) {
      secrets.setProperty("secret", Passwords.newSecret());
      PrivateFiles.write(home.secrets(), secrets);
      return secrets.getProperty("secret");
    }
    try (Reader reader = Files.newBufferedReader(home.secrets())) {
      secrets.load(reader);
    }
    return secrets.getProperty("secret");
  }

  private static void requireTools() {
    if (!Platform.isLinux()) {
      return;
    }
    for (String tool : List.of("setpriv", "unshare")) {
      if (!Platform.has(tool)) {
        throw new StackProblem(
            StackProblem.NOT_SUPPORTED,
            "The program " + tool + " is missing. Install the package util-linux.");
      }
    }
  }

  private void requireLock() throws IOException {
    FileChannel channel =
        FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lock = channel.tryLock();
    if (lock == null) {
      throw new StackProblem(
          StackProblem.ALREADY_STARTING,
          "Another ./gpucloud up is starting or stopping this stack. Wait for it, then look at"
              + " ./gpucloud status.");
    }
  }

  private void forgetEarlierRun() throws IOException {
    for (Path old :
        List.of(
            home.postgresql(),
            home.kafka(),
            home.keycloak(),
            home.clock(),
            home.scenarioLoaded())) {
      Unpack.delete(old);
    }
  }
}
