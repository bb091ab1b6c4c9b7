package dev.gpucloud.tenant.notifications.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpucloud.tenant.notifications.engine.Wording.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WordingTest {
  private static final String TIME = "2026-11-28T15:00:00Z";

  @Test
  void leavesOutLinesWhoseValueIsNotGiven() {
    Map<String, String> values = Map.of("tenantName", "Hanbit", "reason", "Overdue.");

    Message message = wording(Language.EN).message(NotificationKind.TENANT_SUSPENDED, values);

    assertThat(message.subject()).isEqualTo("Hanbit is suspended");
    assertThat(message.text())
        .isEqualTo(
            """
            The tenant Hanbit is suspended: nothing new starts until it is resumed.

            Reason: Overdue.
            """);
  }

  @Test
  void writesTimesOfSeoulAndTheLanguageAskedFor() {
    Map<String, String> values =
        Map.of("tenantName", "한빛", "reason", "연체", "stopAt", "2026-11-28T15:30:00Z");

    Message message = wording(Language.KO).message(NotificationKind.TENANT_SUSPENDED, values);

    assertThat(message.subject()).isEqualTo("한빛 이용이 정지되었습니다");
    assertThat(message.text()).endsWith("사유: 연체\n실행 중인 인스턴스는 2026-11-29 00:30 KST에 중지됩니다.\n");
    assertThat(message.html()).startsWith("<!DOCTYPE html>\n<html lang=\"ko\">");
  }

  @Test
  void escapesValuesAndLinksOnlyOurOwnAddress() {
    Map<String, String> values =
        Map.of(
            "tenantName", "<b>A&\"B\"</b>\r\nBcc: x@example.com {{title}} {inviter}",
            "inviter", "https://evil.example/",
            "roles", "OWNER",
            "expiresAt", TIME,
            "link", "https://gpu.example/i#token=a&b",
            "command", "gpucloud invitations accept gci_x");

    Message message = wording(Language.EN).message(NotificationKind.INVITATION_SENT, values);

    assertThat(message.subject())
        .isEqualTo(
            "You are invited to <b>A&\"B\"</b> Bcc: x@example.com {{title}} {inviter} on the GPU"
                + " cloud");
    assertThat(message.html())
        .contains("&lt;b&gt;A&amp;&quot;B&quot;&lt;/b&gt; Bcc: x@example.com {{title}} {inviter}")
        .doesNotContain("<b>")
        .contains("<a href=\"https://gpu.example/i#token=a&amp;b\">")
        .doesNotContain("href=\"https://evil");
    assertThat(message.text()).contains(": https://gpu.example/i#token=a&b\n");
  }

  @Test
  void announcesNoLinkWhereThereIsNoConsole() {
    Map<String, String> values =
        Map.of(
            "tenantName", "Hanbit",
            "inviter", "owner@example.com",
            "roles", "OWNER",
            "expiresAt", TIME,
            "command", "gpucloud invitations accept gci_x");

    assertThat(wording(Language.EN).message(NotificationKind.INVITATION_SENT, values).text())
        .isEqualTo(
            """
            owner@example.com offers you these roles at Hanbit: OWNER.

            On the command line, log in with this e-mail address and accept with: gpucloud invitations accept gci_x

            The invitation ends at 2026-11-29 00:00 KST. If you do not know what this is about, ignore this mail.
            """);
    assertThat(wording(Language.KO).message(NotificationKind.INVITATION_SENT, values).text())
        .isEqualTo(
            """
            owner@example.com 님이 Hanbit에서 다음 역할을 제안합니다: OWNER

            명령줄에서는 이 메일 주소로 로그인한 뒤 다음 명령으로 수락합니다: gpucloud invitations accept gci_x

            초대는 2026-11-29 00:00 KST에 끝납니다. 모르는 내용이면 이 메일을 무시하세요.
            """);
  }

  static Stream<Arguments> kindsAndLanguages() {
    return Stream.of(NotificationKind.values())
        .flatMap(
            kind -> Stream.of(Language.values()).map(language -> Arguments.of(kind, language)));
  }

  @ParameterizedTest
  @MethodSource("kindsAndLanguages")
  void saysEveryValueOfEveryKind(NotificationKind kind, Language language) {
    var values = new HashMap<String, String>();
    kind.names().forEach(name -> values.put(name, isTime(name) ? TIME : "<" + name + ">"));

    Message message = wording(language).message(kind, values);

    String all = message.subject() + "\n" + message.text();
    // whose amount stands once more, with or without VAT, has it so in its text
    boolean isTold = kind.names().contains("withVatWon");
    for (String name :
        kind.names().stream().filter(n -> !isTold || !n.equals("totalWon")).toList()) {
      assertThat(all).contains(isTime(name) ? "2026-11-29 00:00 KST" : "<" + name + ">");
      assertThat(message.html()).doesNotContain("<" + name + ">");
    }
    assertThat(message.html()).doesNotContain("{{").contains("lang=\"" + language.tag() + "\"");
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void hasTheSameKindsInEveryLanguage(Language language) {
    List<String> kinds =
        resource(language.tag() + ".txt")
            .lines()
            .filter(line -> line.startsWith("== "))
            .map(line -> line.substring(3))
            .toList();
    assertThat(kinds).containsExactlyInAnyOrderElementsOf(NotificationKind.words());
  }

  @Test
  void refusesTextsThatLackAKindOrNameAnUnknownValue() {
    assertThatThrownBy(() -> Wording.read(Language.EN, "== tenant.closed\nx\n", ""))
        .hasMessageContaining("no text for invitation.sent");
    String wrong = resource("en.txt").replace("{keyName} ends", "{key} ends");
    assertThatThrownBy(() -> Wording.read(Language.EN, wrong, ""))
        .hasMessageContaining("no value [key]");
  }

  @Test
  void readsLanguagesOfLocales() {
    assertThat(Language.ofLocale("ko-KR")).contains(Language.KO);
    assertThat(Language.ofLocale("en_US")).contains(Language.EN);
    assertThat(Language.ofLocale("EN")).contains(Language.EN);
    assertThat(Language.ofLocale("kok")).isEmpty();
  }

  private static boolean isTime(String name) {
    return name.endsWith("At")
        || name.endsWith("End")
        || name.endsWith("By") && !name.startsWith("c")
        || name.endsWith("Since");
  }

  private static Wording wording(Language language) {
    return Wording.read(language, resource(language.tag() + ".txt"), resource("page.html"));
  }

  private static String resource(String name) {
    try (InputStream file =
        Objects.requireNonNull(WordingTest.class.getResourceAsStream("/notifications/" + name))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
