package dev.gpucloud.devstack.process;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Unpacks programs into the cache. A folder appears under its name only when it is complete, so
 * that an interrupted run leaves nothing that a later one would trust.
 */
public final class Unpack {

  /** Fills an empty folder. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException, InterruptedException;
  }

  private Unpack() {}

  /**
   * Creates {@code target} from the content unless it is there; several processes may ask at once.
   */
  public static void once(Path target, Content content) throws IOException, InterruptedException {
    if (Files.isDirectory(target)) {
      return;
    }
    Files.createDirectories(target.getParent());
    Path lockFile = target.resolveSibling(target.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.isDirectory(target)) {
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        delete(partial);
        Files.createDirectories(partial);
        content.writeTo(partial);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      }
    }
  }

  /** Unpacks a tar stream, leaving out this many leading folders of each name. */
  public static void tar(InputStream stream, Path folder, int strip) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new BufferedInputStream(stream))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path name = Path.of(entry.getName()).normalize();
        if (name.getNameCount() <= strip) {
          continue;
        }
        Path file = folder.resolve(name.subpath(strip, name.getNameCount())).normalize();
        if (!file.startsWith(folder)) {
          throw new IOException(
              "The archive tries to write outside its folder: " + entry.getName());
        }
        write(tar, entry, file);
      }
    }
  }

  /** Deletes a folder with all it holds, not following links; a missing one is fine. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(file);
      return;
    }
    Files.createDirectories(file.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
    if ((entry.getMode() & 0100) != 0) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
