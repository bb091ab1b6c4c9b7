package dev.gpucloud.devstack.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * An SMTP server on the loopback address that delivers nowhere: each mail becomes a file of the
 * mailbox folder, beside those that the services write themselves.
 */
public final class MailServer implements AutoCloseable {
  private static final int MOST_AT_ONCE = 16;
  private static final int PATIENCE_MILLIS = 30_000;

  private final ServerSocket listening = new ServerSocket();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(MOST_AT_ONCE);
  private final Path mailbox;

  /** Listens from now on. */
  public MailServer(int port, Path mailbox) throws IOException {
    this.mailbox = mailbox;
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofPlatform().daemon().name("mail-server").start(this::accept);
  }

  /** Where it listens. */
  public int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        room.acquire();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        // closed, or a client that went before it was heard
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setSoTimeout(PATIENCE_MILLIS);
      new MailSession(client, mailbox).run();
    } catch (IOException e) {
      // the client went; what it had not finished is not delivered
    } finally {
      room.release();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
