package com.example.orders;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/**
 * A service around orders: explains an order to a customer (openai-java) and translates notes (a
 * RestClient on java.net.http). A Spring Boot fat jar that knows nothing of Flyball.
 */
@SpringBootApplication
public class OrdersApplication {

  public static void main(String[] arguments) {
    SpringApplication.run(OrdersApplication.class, arguments);
  }

  @Bean(destroyMethod = "close")
  OpenAIClient openAiClient() {
    return OpenAIOkHttpClient.fromEnv();
  }

  @Bean
  RestClient translationClient(Environment environment) {
    return RestClient.builder()
        .requestFactory(new JdkClientHttpRequestFactory())
        .baseUrl(environment.getRequiredProperty("OPENAI_BASE_URL"))
        .defaultHeader(
            "Authorization", "Bearer " + environment.getRequiredProperty("OPENAI_API_KEY"))
        .build();
  }
}
