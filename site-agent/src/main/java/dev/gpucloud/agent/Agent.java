package dev.gpucloud.agent;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.gpucloud.agent.clock.BusinessClock;
import dev.gpucloud.agent.clock.ClockFollower;
import dev.gpucloud.agent.config.AgentConfig;
import dev.gpucloud.agent.http.HealthServer;
import dev.gpucloud.agent.http.Metrics;
import dev.gpucloud.agent.kafka.SiteAgent;
import dev.gpucloud.agent.kafka.SiteSettings;
import dev.gpucloud.agent.simulated.SimulatedDriver;
import dev.gpucloud.agent.simulated.SimulatedHardware;
import dev.gpucloud.agent.state.StateFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** All parts of one agent process: a site agent per site, the clock and the health server. */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Agent.class.getName());
  private static final Duration STUCK = Duration.ofSeconds(90);

  private final AgentConfig config;
  private final InstantSource system;
  private final Runnable onFatal;
  private final BusinessClock business;
  private final Metrics metrics = new Metrics();
  private final List<SiteAgent> sites = new CopyOnWriteArrayList<>();
  private final Optional<ClockFollower> follower;
  private final HealthServer health;
  private final ObjectMapper json = json();

  /** Listens for health questions at once; works after {@link #start()}. */
  public Agent(AgentConfig config, InstantSource system, Runnable onFatal) throws IOException {
    this.config = config;
    this.system = system;
    this.onFatal = onFatal;
    this.business = new BusinessClock(system);
    this.follower = config.devClock().map(this::follower);
    this.health =
        HealthServer.start(
            config.http(), new HealthServer.Checks(this::live, this::ready), metrics);
  }

  /** Starts every site once the business clock is known. */
  public void start() throws InterruptedException {
    if (follower.isPresent()) {
      follower.get().awaitFirst();
    }
    for (String site : config.kafkaBySite().keySet()) {
      sites.add(siteAgent(site));
    }
    sites.forEach(SiteAgent::start);
    follower.ifPresent(ClockFollower::start);
    LOG.log(
        Level.INFO,
        "Site agent serves {0}; health at port {1}",
        String.join(", ", config.kafkaBySite().keySet()),
        Integer.toString(health.port()));
  }

  /** Port of the health server. */
  public int healthPort() {
    return health.port();
  }

  @Override
  public void close() {
    follower.ifPresent(ClockFollower::close);
    sites.forEach(SiteAgent::close);
    health.close();
  }

  /** The JSON form of everything that the agent reads and writes. */
  static ObjectMapper json() {
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .build();
  }

  private SiteAgent siteAgent(String site) {
    SiteSettings settings =
        new SiteSettings(
            site,
            config.topicsPrefix(),
            config.kafkaBySite().get(site),
            config.heartbeatInterval(),
            config.releasedRetention(),
            config.releasedKept(),
            json);
    SiteAgent.Parts parts =
        new SiteAgent.Parts(
            new SimulatedDriver(config.simulated(), system),
            new SimulatedHardware(config.hardware(), business, system),
            business,
            system,
            StateFile.open(config.stateDir(), site, json),
            metrics,
            onFatal);
    return new SiteAgent(settings, parts);
  }

  private ClockFollower follower(AgentConfig.DevClock clock) {
    return ClockFollower.over(clock.address(), clock.token(), json, business, this::reportAlive);
  }

  private void reportAlive() throws IOException {
    for (SiteAgent site : sites) {
      site.beat();
    }
  }

  private Map<String, Boolean> live() {
    Instant limit = system.instant().minus(STUCK);
    Map<String, Boolean> checks = new LinkedHashMap<>();
    sites.forEach(site -> checks.put(site.site(), site.lastRound().isAfter(limit)));
    return checks;
  }

  private Map<String, Boolean> ready() {
    Map<String, Boolean> checks = new LinkedHashMap<>();
    checks.put("started", sites.size() == config.kafkaBySite().size());
    follower.ifPresent(clock -> checks.put("business-clock", clock.following()));
    sites.forEach(site -> checks.put(site.site(), site.ready()));
    return checks;
  }
}
