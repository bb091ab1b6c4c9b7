package dev.gpucloud.gateway;

import dev.gpucloud.contracts.problem.ProblemException;
import dev.gpucloud.contracts.problem.ProblemLanguage;
import java.util.Map;

/** What a person reads whose login failed. Nothing in it comes from the request but its id. */
final class LoginPage {
  private static final String HTML =
      """
      <!DOCTYPE html>
      <html lang="%s">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>%s</title>
      <h1>%s</h1>
      <p>%s</p>
      <p><a href="%s">%s</a></p>
      <p><small>%s %s</small></p>
      </html>
      """;

  /** By reason; anything else is the identity provider's silence. */
  private static final Map<String, String> KOREAN =
      Map.of(
          "CANCELLED", "로그인이 취소되었습니다.",
          "EXPIRED", "이 로그인은 이미 끝났거나 다른 곳에서 시작되었습니다.",
          "REFUSED", "로그인 서버가 로그인을 확인해 주지 않았습니다.");

  private static final String KOREAN_ELSE = "로그인 서버가 응답하지 않습니다. 잠시 뒤에 다시 시도하세요.";

  private LoginPage() {}

  static String of(ProblemException problem, ProblemLanguage language, String requestId) {
    boolean korean = language == ProblemLanguage.KOREAN;
    String sentence =
        korean
            ? KOREAN.getOrDefault(String.valueOf(problem.params().get("reason")), KOREAN_ELSE)
            : String.valueOf(problem.detail());
    String title = problem.type().title(language);
    return HTML.formatted(
        language.tag(),
        title,
        title,
        sentence,
        LoginEndpoint.LOGIN,
        korean ? "다시 로그인" : "Log in again",
        korean ? "요청 번호" : "Request",
        requestId);
  }
}
