package dev.gpucloud.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpucloud.gateway.fixture.FakeWorld;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that mean harm with nothing but the way they write a request. */
@QuarkusTest
@QuarkusTestResource(FakeWorld.class)
@TestProfile(HostileConnectionsIT.Impatient.class)
class HostileConnectionsIT extends EdgeCase {
  private static final String SMUGGLED = "/api/v1/operations/smuggled";
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final int SLOW_CLIENTS = 300;

  /** Lets go of silent connections while a test waits. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("quarkus.http.idle-timeout", "3S");
    }
  }

  /**
   * Heads that two readers could measure differently; a second request is hidden where only one of
   * them would see it, and ends in a header that would swallow the first line of whatever follows
   * on that connection, to be served with the token of that.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: @\nTransfer-Encoding: chunked\n\n0\n\n",
        "Transfer-Encoding: chunked\nContent-Length: @\n\n0\n\n",
        "Content-Length: 5\nTransfer-Encoding: xchunked\n\n0\n\n",
        "Content-Length: 5\nTransfer-Encoding: identity\n\n0\n\n",
        "Content-Length: 5\nTransfer-Encoding: chunked, identity\n\n0\n\n",
        "Content-Length: 5\nTransfer-Encoding: identity, chunked\n\n0\n\n",
        "Content-Length: 5\nTransfer-Encoding : chunked\n\n0\n\n",
        "Content-Length: 5\n Transfer-Encoding: chunked\n\n0\n\n",
        "Content-Length: 5\nTransfer-Encoding: \u000bchunked\n\n0\n\n",
        "Content-Length: 5\nTransfer-Encoding: chunked\nTransfer-Encoding: cow\n\n0\n\n",
        "Content-Length: @\nX-Padding: a\nTransfer_Encoding: chunked\n\n0\n\n",
        "Content-Length: @\nContent-Length: 0\n\n",
        "Content-Length: 0\nContent-Length: @\n\n",
        "Content-Length: @, 0\n\n",
        "Content-Length: +@\n\n",
        "Content-Length: -1\n\n",
        "Content-Length: 0x@\n\n",
        "Content-Length: 0 0\n\n",
        "Transfer-Encoding: chunked\n\n0;\nx\n\n",
        "Transfer-Encoding: chunked\n\n-1\n\n0\n\n",
        "Transfer-Encoding: chunked\n\nfffffffffffffffff\n\n",
        "Transfer-Encoding: chunked\n\n0\nContent-Length: @\n\n",
        "Connection: Transfer-Encoding\nTransfer-Encoding: chunked\nContent-Length: @\n\n0\n\n",
        "Connection: Content-Length\nContent-Length: @\n\n",
        "Expect: 100-continue\nContent-Length: @\n\n"
      })
  void nothingIsSmuggledPast(String rest) throws Exception {
    FakeWorld.SEEN.clear();
    String hidden = "GET " + SMUGGLED + " HTTP/1.1\r\nHost: h\r\nX-Ignore: ";
    String request =
        "POST /api/v1/operations/first HTTP/1.1\nHost: h\nAuthorization: Bearer "
            + good()
            + "\nContent-Type: application/json\n"
            + rest.replace("@", Integer.toString(hidden.length()));

    String answers = rawUntilQuiet(request.replace("\n", "\r\n") + hidden);

    List<Integer> statuses = statuses(answers);
    assertThat(statuses).as(answers).allMatch(status -> status < 500);
    for (int i = 0; i < 5; i++) {
      HttpResponse<String> next = send(bearer("/api/v1/operations/next", good()));
      assertThat(next.statusCode()).isEqualTo(200);
      assertThat(json(next).getString("uri")).isEqualTo("/api/v1/operations/next");
    }
    assertThat(FakeWorld.SEEN).doesNotContain(SMUGGLED);
  }

  @Test
  void clientsThatNeverComeToAnEndHoldUpNobodyAndAreLetGo() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW_CLIENTS; i++) {
        Socket socket = new Socket(gateway.getHost(), gateway.getPort());
        slow.add(socket);
        socket.getOutputStream().write("GET /api/v1/me HTTP/1.1\r\nHost: h\r\n".getBytes(US_ASCII));
      }
      for (int letter = 0; letter < 20; letter++) {
        for (Socket socket : slow) {
          dribble(socket);
        }
        assertThat(send(bearer("/api/v1/me", good())).statusCode()).isEqualTo(200);
        Thread.sleep(100);
      }

      for (Socket silent : slow) {
        silent.setSoTimeout(20_000);
        assertThat(isLetGo(silent)).isTrue();
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  /** One that this machine was too slow for has been let go already. */
  private static void dribble(Socket socket) {
    try {
      socket.getOutputStream().write('x');
    } catch (IOException _) {
      assertThat(isLetGo(socket)).isTrue();
    }
  }

  private static boolean isLetGo(Socket socket) {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (IOException _) {
      return true;
    }
  }

  private static List<Integer> statuses(String answers) {
    List<Integer> statuses = new ArrayList<>();
    Matcher each = STATUS.matcher(answers);
    while (each.find()) {
      statuses.add(Integer.parseInt(each.group(1)));
    }
    return statuses;
  }

  /** What came until the gateway hung up, or said nothing more for a while. */
  private String rawUntilQuiet(String request) throws IOException {
    StringBuilder said = new StringBuilder();
    try (Socket socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.setSoTimeout(500);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      byte[] buffer = new byte[8192];
      for (int n = socket.getInputStream().read(buffer);
          n > 0;
          n = socket.getInputStream().read(buffer)) {
        said.append(new String(buffer, 0, n, US_ASCII));
      }
    } catch (SocketTimeoutException _) {
      // it waits for more
    }
    return said.toString();
  }
}
