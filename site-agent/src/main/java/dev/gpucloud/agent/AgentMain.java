package dev.gpucloud.agent;

import dev.gpucloud.agent.config.AgentConfig;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.logging.LogManager;

/** Entry point of the site agent process. */
public final class AgentMain {
  private static final int INVALID_CONFIGURATION = 78;
  private static final int FAILED = 1;

  private AgentMain() {}

  /** Runs until the process is told to end; a fatal fault ends it with status 1. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    configureLogging();
    Logger log = System.getLogger(AgentMain.class.getName());
    AgentConfig config;
    try {
      config = AgentConfig.from(System.getenv());
    } catch (IllegalArgumentException e) {
      log.log(Level.ERROR, "The configuration is not valid:\n{0}", e.getMessage());
      System.exit(INVALID_CONFIGURATION);
      return;
    }
    try {
      Agent agent =
          new Agent(config, InstantSource.system(), () -> Runtime.getRuntime().halt(FAILED));
      Runtime.getRuntime().addShutdownHook(new Thread(agent::close, "shutdown"));
      agent.start();
    } catch (RuntimeException | IOException e) {
      log.log(Level.ERROR, "The agent cannot start", e);
      System.exit(FAILED);
    }
  }

  private static void configureLogging() throws IOException {
    if (System.getProperty("java.util.logging.config.file") != null) {
      return;
    }
    try (InputStream settings = AgentMain.class.getResourceAsStream("/agent-logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    }
  }
}
