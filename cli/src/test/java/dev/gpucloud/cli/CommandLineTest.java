package dev.gpucloud.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line as its user sees it: refusals, wrong lines, looks. */
class CommandLineTest extends AtACommandLine {
  @Test
  void printsAProblemWithEverythingThatHelps() {
    loggedIn();
    server.answer(
        "POST " + INSTANCES,
        422,
        """
        {"code":"UNKNOWN_REFERENCE","status":422,"title":"t","detail":"There is no instance type b999.",
         "requestId":"req-1","params":{"valid":["b200.1x","b200.8x"],"none":[],
           "removed":[{"constraint":"MODEL","hosts":3},{"constraint":"SITE","hosts":1}]},
         "errors":[{"pointer":"/instanceType","detail":"not a known type"}]}\
        """);
    assertThat(run("instances", "create", "-t", "b999")).isEqualTo(2);
    assertThat(err.toString())
        .isEqualTo(
            """
            error: UNKNOWN_REFERENCE (422): There is no instance type b999.
              /instanceType: not a known type
              valid: b200.1x, b200.8x
              removed: constraint MODEL, hosts 3; constraint SITE, hosts 1
              what to do: Use one of the valid values.
              request id: req-1
            """);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"400,2", "403,4", "404,5", "409,6", "412,6", "413,2", "422,2", "428,6", "500,7"})
  void exitCodeTellsTheKindOfRefusal(int status, int exitCode) {
    loggedIn();
    server.answer("GET " + INSTANCES, status, "{\"code\":\"X\",\"detail\":\"d\"}");
    assertThat(run("instances", "list")).isEqualTo(exitCode);
  }

  @Test
  void readsARefusalThatIsNotAProblem() {
    loggedIn();
    server.answer("GET " + INSTANCES, 500, "<html>proxy error</html>");
    assertThat(run("instances", "list")).isEqualTo(7);
    assertThat(err.toString()).isEqualTo("error: The server answered with HTTP status 500.\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "instances",
        "instances create",
        "instances create -t x --count 0",
        "instances create -t x --count many",
        "instances lst",
        "invoices show",
        "usage --month november",
        "finance invoices create --tenant t",
        "nonsense",
        "instances list -o xml",
        "instances list --server ftp://x"
      })
  void aWrongCommandLineEndsWithTwoAndAWayOut(String line) {
    loggedIn();
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).startsWith("error: ").contains("\n  ");
    assertThat(out.toString()).isEmpty();
    assertThat(server.apiRequests()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"instances lst, list", "tenants crate, create", "instnces list, instances"})
  void aMistypedCommandHasTheOneThatIsMeant(String line, String meant) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).containsPattern("did you mean: [^\n]*\\b" + meant + "\\b");
  }

  @Test
  void reportsAServerThatIsNotThere() {
    loggedIn();
    server.close();
    int code = new ApiClientProbe(server.url()).exitCodeOfOneRead();
    assertThat(code).isEqualTo(7);
  }

  @Test
  void coloursOnlyWhenAsked() {
    loggedIn();
    server.answer("GET " + INSTANCES, 200, "{\"items\":[" + RUNNING + "]}");
    run("instances", "list");
    assertThat(out.toString()).doesNotContain("\u001b");
    coloured = true;
    out.getBuffer().setLength(0);
    run("instances", "list");
    assertThat(out.toString()).contains("\u001b[32mRUNNING\u001b[0m");
  }

  @Test
  void printsCompletionForBothShells() {
    assertThat(run("completion", "bash")).isZero();
    assertThat(out.toString())
        .contains("complete -F _complete_gpucloud")
        .contains("instance-types");
    out.getBuffer().setLength(0);
    assertThat(run("completion", "zsh")).isZero();
    assertThat(out.toString()).startsWith("autoload -U +X compinit");
    assertThat(run("completion", "fish")).isEqualTo(2);
  }

  @Test
  void helpListsTheExitCodes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Exit codes:").contains("  3  not logged in (401)");
  }
}
