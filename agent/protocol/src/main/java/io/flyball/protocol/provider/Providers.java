package io.flyball.protocol.provider;

import io.flyball.protocol.HostNames;
import io.flyball.protocol.RequestHead;

/**
 * Which provider is behind an address. A table, nothing else: a new provider that speaks a known
 * protocol is one row.
 */
public final class Providers {
  private static final String API_VERSION = "api-version=";

  /**
   * Azure knows stream_options since this version (2024-08-01-preview) and refuses it before;
   * versions are compared as text.
   */
  private static final String AZURE_STREAM_OPTIONS = "2024-08-01";

  private static final int ANY_PORT = 0;

  /** Reports the usage of every stream, asked or not. */
  private static final String OPENROUTER = "openrouter.ai";

  private static final Row[] ROWS = {
    // Azure is known by its paths, whatever the host: custom domains and gateways.
    new Row("*", "/openai/deployments/", "azure.ai.openai", AZURE_STREAM_OPTIONS),
    asked("*.openai.azure.com", "azure.ai.openai"),
    asked("*.cognitiveservices.azure.com", "azure.ai.openai"),
    new Row("*.services.ai.azure.com", "/openai/", "azure.ai.openai", ""),
    new Row("*.services.ai.azure.com", "/anthropic/", "anthropic", null),
    // Azure AI inference fails on fields that it does not know, by default.
    unasked("*.services.ai.azure.com", "azure.ai.inference"),
    unasked("*.models.ai.azure.com", "azure.ai.inference"),
    unasked("*.inference.ai.azure.com", "azure.ai.inference"),
    new Row("*", "/models/chat/completions", "azure.ai.inference", null),
    new Row("*", "/models/embeddings", "azure.ai.inference", null),
    asked("api.openai.com", "openai"),
    asked("*.api.openai.com", "openai"),
    unasked("api.anthropic.com", "anthropic"),
    asked("api.groq.com", "groq"),
    asked("api.deepseek.com", "deepseek"),
    // Refuses unknown fields with 422 and reports usage in its last chunk anyway.
    unasked("*.mistral.ai", "mistral_ai"),
    asked(OPENROUTER, "openrouter"),
    asked("api.x.ai", "x_ai"),
    asked("*.api.x.ai", "x_ai"),
    asked("api.together.xyz", "together"),
    asked("api.together.ai", "together"),
    unasked("api.perplexity.ai", "perplexity"),
    asked("api.fireworks.ai", "fireworks"),
    asked("api.cerebras.ai", "cerebras"),
    asked("api.sambanova.ai", "sambanova"),
    asked("api.deepinfra.com", "deepinfra"),
    asked("integrate.api.nvidia.com", "nvidia"),
    asked("router.huggingface.co", "hugging_face"),
    asked("models.github.ai", "github"),
    asked("api.cohere.ai", "cohere"),
    asked("api.cohere.com", "cohere"),
    asked("api.moonshot.ai", "moonshot_ai"),
    asked("api.moonshot.cn", "moonshot_ai"),
    asked("dashscope*.aliyuncs.com", "dashscope"),
    asked("api.z.ai", "zai"),
    asked("open.bigmodel.cn", "zai"),
    asked("generativelanguage.googleapis.com", "gcp.gemini"),
    asked("*aiplatform.googleapis.com", "gcp.vertex_ai"),
    asked("bedrock-runtime.*.amazonaws.com", "aws.bedrock"),
    new Row("*", 11434, "", "ollama", "")
  };

  private Providers() {}

  private static Row asked(String host, String name) {
    return new Row(host, "", name, "");
  }

  private static Row unasked(String host, String name) {
    return new Row(host, "", name, null);
  }

  /**
   * The provider at the request's address, by the first row that fits.
   *
   * @param unknown the name of a provider no row knows; it is taken to report usage on request
   */
  public static Provider at(RequestHead head, String unknown) {
    for (Row row : ROWS) {
      if (row.matches(head.host(), head.port(), head.plainPath())) {
        boolean onRequest =
            row.usageSince != null && row.usageSince.compareTo(apiVersion(head.query())) <= 0;
        return new Provider(row.name, onRequest);
      }
    }
    return new Provider(unknown, true);
  }

  /** Whether that host is a provider's own, and no gateway or server of somebody else's. */
  public static boolean isHostOfProvider(String host) {
    String name = HostNames.plain(host);
    for (Row row : ROWS) {
      if (!row.isAnyHost() && row.fits(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether streams of that host may report usage that nobody asked for: a server of somebody's own
   * may, and so does a provider known for it.
   */
  public static boolean mayReportUnasked(String host) {
    return HostNames.plain(host).equals(OPENROUTER) || !isHostOfProvider(host);
  }

  /** Whether some provider is known to serve models at that host and port, whatever the path. */
  public static boolean serves(String host, int port) {
    String name = HostNames.plain(host);
    for (Row row : ROWS) {
      if (row.isAddress() && row.matches(name, port, row.pathPart)) {
        return true;
      }
    }
    return false;
  }

  private static String apiVersion(String query) {
    int start = query == null ? -1 : query.indexOf(API_VERSION);
    return start < 0 ? "" : query.substring(start + API_VERSION.length());
  }

  /** One address. */
  private static final class Row {
    final String hostBefore;
    final String hostAfter;
    final boolean anyBetween;
    final int port;
    final String pathPart;
    final String name;

    /** The API version since which usage can be asked for; empty = any, null = do not ask. */
    final String usageSince;

    Row(String host, String pathPart, String name, String usageSince) {
      this(host, ANY_PORT, pathPart, name, usageSince);
    }

    Row(String host, int port, String pathPart, String name, String usageSince) {
      int star = host.indexOf('*');
      this.anyBetween = star >= 0;
      this.hostBefore = anyBetween ? host.substring(0, star) : host;
      this.hostAfter = anyBetween ? host.substring(star + 1) : "";
      this.port = port;
      this.pathPart = pathPart;
      this.name = name;
      this.usageSince = usageSince;
    }

    boolean isAnyHost() {
      return anyBetween && hostBefore.isEmpty() && hostAfter.isEmpty();
    }

    boolean fits(String host) {
      return anyBetween
          ? host.length() >= hostBefore.length() + hostAfter.length()
              && host.startsWith(hostBefore)
              && host.endsWith(hostAfter)
          : host.equals(hostBefore);
    }

    /** Whether it says something of the host or the port, and not only of paths. */
    boolean isAddress() {
      return port != ANY_PORT || !hostBefore.isEmpty() || !hostAfter.isEmpty();
    }

    boolean matches(String host, int actualPort, String path) {
      return fits(host) && (port == ANY_PORT || port == actualPort) && isIn(path);
    }

    /** Azure does not mind the case. */
    private boolean isIn(String path) {
      int last = path.length() - pathPart.length();
      for (int i = 0; i <= last; i++) {
        if (path.regionMatches(true, i, pathPart, 0, pathPart.length())) {
          return true;
        }
      }
      return false;
    }
  }
}
