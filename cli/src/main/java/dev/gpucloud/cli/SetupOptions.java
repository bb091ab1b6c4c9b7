package dev.gpucloud.cli;

import dev.gpucloud.client.api.SshKeysApi;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options that say what an instance boots, who may log in and what its first boot is given. */
final class SetupOptions {
  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "What it boots, as 'gpucloud images' lists them.")
  private @Nullable String image;

  @Option(
      names = "--ssh-key",
      paramLabel = "FILE",
      description = "Public key that may log in; may be given several times.")
  private List<Path> sshKeys = List.of();

  @Option(
      names = "--ssh-key-name",
      paramLabel = "NAME",
      description = "One of your keys as 'gpucloud ssh-keys' lists them; may be repeated.")
  private List<String> sshKeyNames = List.of();

  @Option(
      names = "--user-data",
      paramLabel = "FILE",
      description = "Given to its first boot, such as a cloud-init file.")
  private @Nullable Path userData;

  @Option(
      names = "--boot-volume",
      paramLabel = "GIB",
      description = "Size of the volume it boots from, which goes with it; needs --site.")
  private @Nullable Integer bootVolumeGib;

  @Nullable Integer bootVolumeGib() {
    return bootVolumeGib;
  }

  @Nullable String image() {
    return image;
  }

  @Nullable String userData(CommandLine line) {
    return userData == null ? null : SetupFiles.base64(line, userData);
  }

  /** The lines of all keys that were given or named, in this order. */
  List<String> keys(CommandLine line, ApiClient api) {
    List<String> keys = new ArrayList<>();
    sshKeys.forEach(file -> keys.addAll(SetupFiles.keys(line, file)));
    keys.addAll(registered(line, api));
    return keys;
  }

  private List<String> registered(CommandLine line, ApiClient api) {
    if (sshKeyNames.isEmpty()) {
      return List.of();
    }
    Map<String, String> lines = new LinkedHashMap<>();
    api.list(SshKeysApi.mySshKeyResourceList())
        .path("items")
        .forEach(k -> lines.put(Fields.text(k, "name"), Fields.text(k, "publicKey")));
    for (String wanted : sshKeyNames) {
      if (!lines.containsKey(wanted)) {
        throw new CommandLine.ParameterException(
            line, "You have no SSH key '" + wanted + "'; you have: " + lines.keySet() + ".");
      }
    }
    return sshKeyNames.stream().map(lines::get).toList();
  }
}
