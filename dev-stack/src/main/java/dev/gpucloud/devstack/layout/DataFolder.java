package dev.gpucloud.devstack.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Whether a data folder can be used at all, asked before anything is written into it. */
public final class DataFolder {
  private static final long FIRST_START_MIB = 1_500;
  private static final long LATER_START_MIB = 300;

  private final StackHome home;

  public DataFolder(StackHome home) {
    this.home = home;
  }

  /** Makes the folder if need be, and refuses one that another user owns or nobody may write. */
  public void requireOwner() throws IOException {
    requireWritable(nearestExisting(home.folder()));
    create();
    String user = System.getProperty("user.name");
    try (Stream<Path> files = Files.list(home.folder())) {
      List<Path> foreign = files.filter(file -> !isOwnedBy(file, user)).toList();
      if (!foreign.isEmpty()) {
        String owner = Files.getOwner(foreign.getFirst()).getName();
        throw new StackProblem(
            StackProblem.OTHER_USER,
            "The data in %s belong to the user %s, and you are %s.%nRun this as %s, or point GPUCLOUD_HOME at another folder, or have %s run ./gpucloud reset."
                .formatted(home.folder(), owner, user, owner, owner));
      }
    }
  }

  private void create() {
    try {
      Files.createDirectories(home.folder());
    } catch (IOException e) {
      throw new StackProblem(
          StackProblem.USAGE,
          "%s cannot be made a folder (%s).%nPoint GPUCLOUD_HOME at a folder that exists or can be made."
              .formatted(home.folder(), e),
          e);
    }
  }

  /**
   * Refuses to delete what no stack wrote: the folder of a mistyped GPUCLOUD_HOME, or data of
   * another user.
   */
  public void requireOurs() throws IOException {
    requireOwner();
    try (Stream<Path> files = Files.list(home.folder())) {
      boolean isStack =
          Files.exists(home.secrets()) || Files.isDirectory(home.apps().resolve("dev-stack"));
      if (!isStack && files.anyMatch(file -> !file.equals(home.cache()))) {
        throw new StackProblem(
            StackProblem.USAGE,
            "%s holds files and no data of a stack, so nothing in it is deleted.%nPoint GPUCLOUD_HOME at the data folder of a stack."
                .formatted(home.folder()));
      }
    }
  }

  private static Path nearestExisting(Path folder) {
    Path at = folder.toAbsolutePath();
    while (!Files.exists(at)) {
      at = at.getParent();
    }
    return at;
  }

  private static void requireWritable(Path folder) throws IOException {
    if (!Files.isWritable(folder)) {
      throw new StackProblem(
          StackProblem.OTHER_USER,
          "Cannot write to %s, which belongs to the user %s.%nRun this as that user, or point GPUCLOUD_HOME at another folder."
              .formatted(folder, Files.getOwner(folder).getName()));
    }
  }

  private static boolean isOwnedBy(Path file, String user) {
    try {
      return Files.getOwner(file).getName().equals(user);
    } catch (IOException _) {
      return true; // gone in the meantime
    }
  }

  /** Refuses a disk without room for what a first or a later start writes. */
  public void requireDisk() throws IOException {
    boolean first = !Files.isDirectory(home.postgresql().resolve("data"));
    long needed = first ? FIRST_START_MIB : LATER_START_MIB;
    long usable = Files.getFileStore(home.folder()).getUsableSpace() / (1024 * 1024);
    if (usable < needed) {
      throw new StackProblem(
          StackProblem.DISK_FULL,
          "%s has %,d MiB free and the stack needs %,d MiB.%nFree some space, or point GPUCLOUD_HOME at a folder on another disk."
              .formatted(home.folder(), usable, needed));
    }
  }
}
