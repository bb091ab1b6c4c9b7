package dev.gpucloud.gateway;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jboss.logging.Logger;

/**
 * Lines on standard output that are written together, a second late at most: a write for each
 * request costs as much as the rest of its line. For any number of threads.
 */
@Singleton
class AccessLines {
  private static final Logger LOG = Logger.getLogger(AccessLines.class);
  private static final int MOST_BYTES = 64 * 1024;
  private static final long LATEST_MILLIS = 1000;

  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final byte[] waiting = new byte[MOST_BYTES];
  private int size;

  void start(@Observes StartupEvent event, Vertx vertx) {
    vertx.setPeriodic(LATEST_MILLIS, late -> flush());
  }

  void stop(@Observes ShutdownEvent event) {
    flush();
  }

  /** Takes a line without its end. */
  void add(CharSequence line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (this) {
      if (bytes.length > MOST_BYTES - size) {
        flush();
      }
      if (bytes.length > MOST_BYTES) {
        write(bytes, bytes.length);
      } else {
        System.arraycopy(bytes, 0, waiting, size, bytes.length);
        size += bytes.length;
      }
    }
  }

  private synchronized void flush() {
    if (size > 0) {
      write(waiting, size);
      size = 0;
    }
  }

  private void write(byte[] bytes, int length) {
    try {
      out.write(bytes, 0, length);
    } catch (IOException lost) {
      LOG.warnf("Lines of the access log are lost: %s", lost.getMessage());
    }
  }
}
