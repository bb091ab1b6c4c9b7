package dev.gpucloud.agent.state;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpucloud.agent.engine.Snapshot;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The state of one site on disk. A write is atomic and durable when it returns: a crash leaves the
 * old or the new state, never a half. One process at a time holds the file.
 */
public final class StateFile implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path file;
  private final Path draft;
  private final String site;
  private final ObjectMapper json;
  private final FileChannel lockChannel;

  private StateFile(Path folder, String site, ObjectMapper json, FileChannel lockChannel) {
    this.file = folder.resolve(site + ".json");
    this.draft = folder.resolve(site + ".json.new");
    this.site = site;
    this.json = json;
    this.lockChannel = lockChannel;
  }

  /**
   * Opens the state of a site and locks it.
   *
   * @throws IllegalStateException when another process holds it
   */
  public static StateFile open(Path folder, String site, ObjectMapper json) {
    try {
      Files.createDirectories(folder);
      return new StateFile(folder, site, json, lock(folder.resolve(site + ".lock")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the state folder " + folder, e);
    }
  }

  /** The last state written; empty at a site's first start. */
  public Optional<Snapshot> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      Stored stored = json.readValue(file.toFile(), Stored.class);
      requireMine(stored);
      return Optional.of(stored.state());
    } catch (IOException e) {
      throw new UncheckedIOException(
          file + " cannot be read; move it away to rebuild the site from its orders topic", e);
    }
  }

  /** Replaces the state. */
  public void write(Snapshot state) {
    try {
      writeDurably(new Stored(Stored.VERSION, state));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  @Override
  public void close() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IllegalStateException(path + " is held by this process already", e);
    }
    channel.close();
    throw new IllegalStateException(
        "another site agent holds " + path + "; stop it first, or use another state folder");
  }

  private void requireMine(Stored stored) throws IOException {
    if (stored.version() != Stored.VERSION || !stored.state().site().equals(site)) {
      throw new IOException(
          "expected version " + Stored.VERSION + " of site " + site + " but found another");
    }
  }

  private void writeDurably(Stored state) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
      json.writer().without(JsonGenerator.Feature.AUTO_CLOSE_TARGET).writeValue(out, state);
      out.flush();
      channel.force(true);
    }
  }

  private void forceFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  private record Stored(int version, Snapshot state) {
    private static final int VERSION = 1;
  }
}
