// Asks the API through the generated client, and prints what it heard as one JSON object.
import org.openapitools.client.apis.InstancesApi
import org.openapitools.client.apis.MeApi
import org.openapitools.client.apis.OffersApi
import org.openapitools.client.infrastructure.ApiClient
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.models.CreateInstanceRequest

fun main() {
  val gateway = System.getenv("GATEWAY")
  val project = System.getenv("PROJECT")
  ApiClient.accessToken = System.getenv("TOKEN")
  val me = MeApi(gateway).meResourceMe()
  val types = OffersApi(gateway).offerResourceTypes()
  val instances = InstancesApi(gateway)
  var refusal = ""
  try {
    instances.instanceResourceCreate(
      project,
      CreateInstanceRequest(name = "generated", instanceType = "none.1x"),
      idempotencyKey = System.getenv("KEY"),
    )
  } catch (failure: ClientException) {
    val body = (failure.response as ClientError<*>).body.toString()
    refusal = Regex("\"code\":\"([A-Z_]+)\"").find(body)!!.groupValues[1]
  }
  val list = instances.instanceResourceList(project)
  println(
    "{\"username\":\"${me.username}\",\"types\":${types.items?.size ?: 0}," +
      "\"instances\":${list.items?.size ?: 0},\"refusal\":\"$refusal\"}",
  )
}
