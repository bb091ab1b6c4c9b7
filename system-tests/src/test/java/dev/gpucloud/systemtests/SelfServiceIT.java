package dev.gpucloud.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Somebody from outside, from nothing to an application that the platform is told of. */
class SelfServiceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern LINK = Pattern.compile("http\\S+action-token\\S+");
  private static final Path MAILBOX =
      Path.of(System.getProperty("gpucloud.root"), "target/shared-stack/mailbox");

  private final String name = "out-" + UUID.randomUUID().toString().substring(0, 8);
  private final String address = name + "@newco.example";

  @Test
  void registersWithAnAddressThatIsTheirsAndAppliesWithNoRoleAtAll() throws Exception {
    JsonNode device = device();
    Browser korean = new Browser("ko");
    korean.open(device.path("verification_uri_complete").asText());
    assertThat(korean.page()).contains("계정에 로그인");
    Browser english = new Browser("en");
    english.open(device.path("verification_uri_complete").asText());
    assertThat(english.page()).contains("Sign in to your account");

    korean.follow("registration");
    korean.send(Map.of("email", address, "firstName", "Minjun", "lastName", "Park"));
    assertThat(korean.page()).contains("이메일 확인");
    assertThat(token(device).path("error").asText()).isEqualTo("authorization_pending");

    String mail = mail(address, "idp_");
    assertThat(mail).contains("이 이메일 주소로 GPU cloud 계정이 만들어졌습니다.");
    Matcher link = LINK.matcher(mail);
    assertThat(link.find()).isTrue();
    korean.open(link.group());
    for (int steps = 0; steps < 4 && korean.hasForm(); steps++) {
      String password = "geheim-" + UUID.randomUUID();
      korean.send(
          korean.page().contains("password-new")
              ? Map.of("password-new", password, "password-confirm", password)
              : Map.of("accept", "Yes"));
    }

    Http person = Product.withToken(accessToken(device));
    JsonNode me = person.get("/me").expect(200).json();
    assertThat(me.path("username").asText()).isEqualTo(address);
    assertThat(me.path("platformRoles")).isEmpty();
    assertThat(me.path("memberships")).isEmpty();
    person.get("/admin/tenants").expect(403);
    person.get("/tenants/sk-hynix").expect(404);
    person.post("/tenant-applications", application()).expect(201);
    assertThat(mail("platform-admin@gpucloud.example", "dsp_")).contains(name).contains(address);
  }

  private String application() {
    return """
    {"slug": "%s", "name": "Newco %s", "kind": "EXTERNAL", "segment": "STARTUP",
     "billingMode": "EXTERNAL", "businessNumber": "000-00-00048",
     "contacts": {"billing": {"email": "%s"}}}"""
        .formatted(name, name, address);
  }

  private static JsonNode device() throws IOException, InterruptedException {
    return post("/protocol/openid-connect/auth/device", "client_id=gpucloud-cli&scope=openid");
  }

  private static JsonNode token(JsonNode device) throws IOException, InterruptedException {
    return post(
        "/protocol/openid-connect/token",
        "client_id=gpucloud-cli&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code="
            + device.path("device_code").asText());
  }

  /** Keycloak wants a pause between two questions. */
  private static String accessToken(JsonNode device) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    JsonNode answer = token(device);
    while (!answer.has("access_token") && Instant.now().isBefore(deadline)) {
      Thread.sleep(Duration.ofSeconds(6));
      answer = token(device);
    }
    return answer.required("access_token").asText();
  }

  private static JsonNode post(String path, String form) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(Product.stack().url("issuer") + path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build();
    return JSON.readTree(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body());
  }

  /** What a mail to the address says that is about the person of this test. */
  private String mail(String to, String prefix) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(deadline)) {
      List<Path> files = Files.isDirectory(MAILBOX) ? files(prefix) : List.of();
      for (Path file : files) {
        String raw = Files.readString(file, StandardCharsets.ISO_8859_1);
        String said = decoded(raw);
        if (raw.contains(to) && (to.equals(address) || said.contains(name))) {
          return said;
        }
      }
      Thread.sleep(Duration.ofMillis(200));
    }
    throw new AssertionError("no mail to " + to + " about " + name + " in " + MAILBOX);
  }

  private static List<Path> files(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(MAILBOX)) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  /** The parts of a mail as text, whichever way they are encoded. */
  private static String decoded(String raw) {
    var text = new StringBuilder();
    for (String part : raw.split("\r?\n--")) {
      String[] headAndBody = part.split("\r?\n\r?\n", 2);
      String body = headAndBody.length < 2 ? "" : headAndBody[1];
      String head = headAndBody[0].toLowerCase(Locale.ROOT);
      if (head.contains("base64")) {
        text.append(new String(Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8));
      } else if (head.contains("quoted-printable")) {
        text.append(quotedPrintable(body));
      } else {
        text.append(body);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String quotedPrintable(String body) {
    String joined = body.replaceAll("=\r?\n", "");
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < joined.length(); i++) {
      if (joined.charAt(i) == '=' && i + 2 < joined.length()) {
        bytes.write(Integer.parseInt(joined.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(joined.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
