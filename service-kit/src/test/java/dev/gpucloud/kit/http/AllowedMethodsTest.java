package dev.gpucloud.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class AllowedMethodsTest {
  private final AllowedMethods methods = new AllowedMethods(document());

  private static com.fasterxml.jackson.databind.JsonNode document() {
    try {
      return new ObjectMapper()
          .readTree(
              """
              {"paths": {
                "/a/{id}": {"get": {}, "delete": {}, "parameters": []},
                "/a/{id}/x.csv": {"get": {}},
                "/a/all": {"post": {}}}}\
              """);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void areThoseOfTheAddress() {
    assertThat(methods.at("/a/1")).isEqualTo("DELETE, GET, HEAD");
    assertThat(methods.at("/a/1/x.csv")).isEqualTo("GET, HEAD");
    assertThat(methods.at("/a/all")).isEqualTo("POST");
    assertThat(methods.at("/a/all/")).isEqualTo("POST");
    assertThat(methods.at("/a/1/")).isEqualTo("DELETE, GET, HEAD");
  }

  @Test
  void areNoneWhereNothingIs() {
    assertThat(methods.at("/a")).isEmpty();
    assertThat(methods.at("/a/1/xxcsv")).isEmpty();
    assertThat(methods.at("/a/1/2/3")).isEmpty();
  }
}
