package dev.gpucloud.benchmarks.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Many event streams on which nothing happens but heartbeats, held by one thread. */
final class IdleStreams implements AutoCloseable {
  private static final int OPENING = 64;
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final String BEGINNING = "HTTP/1.1 200";

  private final Selector selector = Selector.open();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final List<SocketChannel> open = new ArrayList<>();
  private long heartbeats;
  private int ended;

  IdleStreams() throws IOException {}

  /** Opens a stream for each token; every one must begin. */
  void open(int port, List<String> tokens, long patienceNanos) throws IOException {
    long until = System.nanoTime() + patienceNanos;
    int asked = 0;
    while (open.size() < tokens.size()) {
      if (System.nanoTime() > until) {
        throw new IOException(open.size() + " of " + tokens.size() + " streams have begun");
      }
      while (asked < tokens.size() && asked - open.size() < OPENING) {
        ask(port, tokens.get(asked++));
      }
      turn(100);
    }
  }

  /** Listens so long, and answers how many heartbeats came on all streams together. */
  long listen(long nanos) throws IOException {
    heartbeats = 0;
    long until = System.nanoTime() + nanos;
    while (System.nanoTime() < until) {
      turn(100);
    }
    return heartbeats;
  }

  /** Streams that ended by themselves. */
  int ended() {
    return ended;
  }

  private void ask(int port, String token) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.write(
        StandardCharsets.US_ASCII.encode(
            "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(token)));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, false);
  }

  private void turn(int millis) throws IOException {
    selector.select(millis);
    for (SelectionKey key : selector.selectedKeys()) {
      read(key);
    }
    selector.selectedKeys().clear();
  }

  private void read(SelectionKey key) throws IOException {
    SocketChannel channel = (SocketChannel) key.channel();
    buffer.clear();
    int count = channel.read(buffer);
    if (count < 0) {
      ended++;
      key.cancel();
      channel.close();
      return;
    }
    String said = new String(buffer.array(), 0, count, StandardCharsets.UTF_8);
    if (Boolean.FALSE.equals(key.attachment())) {
      if (!said.startsWith(BEGINNING)) {
        throw new IOException("A stream was refused: " + said);
      }
      key.attach(true);
      open.add(channel);
    } else {
      heartbeats++;
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
