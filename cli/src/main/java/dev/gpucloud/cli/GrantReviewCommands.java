package dev.gpucloud.cli;

import dev.gpucloud.client.Call;
import dev.gpucloud.client.api.GrantCallsApi;
import dev.gpucloud.client.model.ReviewGrantApplication;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code grants} does for reviewers. */
final class GrantReviewCommands {
  private GrantReviewCommands() {}

  @Command(
      name = "reviews",
      mixinStandardHelpOptions = true,
      description = "What you review, in any call.")
  static final class Reviews extends ListCommand {
    @Option(names = "--todo", description = "Only what you have not reviewed yet.")
    private boolean todo;

    Reviews(CliContext context) {
      super(
          context,
          new Columns()
              .text("CALL", "call")
              .text("APPLICATION", "applicationId")
              .text("APPLICANT", "applicant")
              .text("CATEGORY", "category")
              .text("GPU MODEL", "model")
              .number("GPUS", "gpus")
              .number("POINTS", "points"));
    }

    @Override
    Call<Call.Nothing, ?> list() {
      return GrantCallsApi.myGrantResourceListMyReviews().reviewed(todo ? false : null);
    }
  }

  @Command(
      name = "review",
      mixinStandardHelpOptions = true,
      description = "Give an application points, once.")
  static final class Review extends ApiCommand {
    @Parameters(index = "0", paramLabel = "CALL", description = "Slug or id.")
    private String call = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Id of the application: gap_...")
    private String id = "";

    @Parameters(index = "2", paramLabel = "POINTS", description = "0 to 100.")
    private int points;

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
    private @Nullable String comment;

    Review(CliContext context) {
      super(context);
    }

    @Override
    ExitCode run() {
      ReviewGrantApplication body = new ReviewGrantApplication().points(points).comment(comment);
      var review = GrantCallsApi.grantCallResourceReview(id, call);
      api().post(review, body, ApiClient.newIdempotencyKey());
      say("Kept.");
      return ExitCode.OK;
    }
  }
}
