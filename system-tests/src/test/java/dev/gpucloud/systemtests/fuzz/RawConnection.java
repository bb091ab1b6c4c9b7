package dev.gpucloud.systemtests.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Connections that send bytes as they are, which a proper HTTP client refuses to. One is kept while
 * it is good; used by one thread.
 */
final class RawConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 45_000;
  private static final int IMPATIENCE_MILLIS = 1_500;

  private final URI address;
  private Socket socket = new Socket();
  private InputStream in = InputStream.nullInputStream();

  RawConnection(URI address) {
    this.address = address;
  }

  /** Sends and reads one answer; a failure is an answer with status 0. */
  Answer send(byte[] request, boolean isHead, boolean isHttp) {
    boolean reused = socket.isConnected() && !socket.isClosed();
    try {
      Answer answer = exchange(request, isHead, isHttp);
      if (!isHttp) {
        close();
      }
      return answer;
    } catch (IOException e) {
      close();
      // a kept connection may have ended meanwhile; on a new one that is no excuse
      return reused ? send(request, isHead, isHttp) : Answer.none(e.toString());
    }
  }

  private Answer exchange(byte[] request, boolean isHead, boolean isHttp) throws IOException {
    if (!isHttp) {
      close(); // what is left of it must not be taken for another request's
    }
    if (!socket.isConnected() || socket.isClosed()) {
      socket = new Socket(address.getHost(), address.getPort());
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 16_384);
    }
    socket.setSoTimeout(isHttp ? PATIENCE_MILLIS : IMPATIENCE_MILLIS);
    IOException refused = null;
    try {
      socket.getOutputStream().write(request);
    } catch (IOException e) {
      refused = e; // the answer may be there already
    }
    try {
      return read(isHead);
    } catch (IOException e) {
      throw refused == null ? e : refused;
    }
  }

  private Answer read(boolean isHead) throws IOException {
    int status;
    Map<String, String> headers = new HashMap<>();
    do {
      String first = line();
      String[] words = first.split(" ");
      if (words.length < 2 || !words[0].startsWith("HTTP/")) {
        throw new IOException("not an answer: " + first);
      }
      status = Integer.parseInt(words[1]);
      headers.clear();
      for (String header = line(); !header.isEmpty(); header = line()) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
    } while (status < 200 && status != 101);
    byte[] body = new byte[0];
    boolean ends = !"close".equalsIgnoreCase(headers.get("connection"));
    if (headers.getOrDefault("content-type", "").startsWith("text/event-stream") || status == 101) {
      ends = false;
    } else if (!isHead && status != 204 && status != 304) {
      ends &= headers.containsKey("content-length") || headers.containsKey("transfer-encoding");
      body = body(headers);
    }
    if (!ends) {
      close();
    }
    return new Answer(status, Map.copyOf(headers), body, "");
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      return chunks();
    }
    String length = headers.get("content-length");
    return length == null ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line().strip(), 16);
      all.write(in.readNBytes(size));
      line();
      if (size == 0) {
        return all.toByteArray();
      }
    }
  }

  private String line() throws IOException {
    StringBuilder text = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("connection closed");
      }
      if (c != '\r') {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
