/// A provider whose network lets a host send only from addresses that it has given it.
struct Cloud: Hashable, Sendable {
  var name: String
  /// How to have it forward for others.
  var advice: String

  private static let known: [(sign: String, cloud: Cloud)] = [
    (
      "amazon ec2",
      Cloud(
        name: "Amazon EC2",
        advice: "turn off the source/destination check of the instance's interface")
    ),
    (
      "google",
      Cloud(name: "Google Cloud", advice: "create the instance with IP forwarding (canIpForward)")
    ),
    (
      "7783-7084-3265-9085-8269-3286-77",  // an asset tag that all of Azure's machines have
      Cloud(name: "Azure", advice: "enable IP forwarding on the machine's network interface")
    ),
    (
      "oraclecloud",
      Cloud(name: "Oracle Cloud", advice: "skip the source/destination check of the VNIC")
    ),
    (
      "openstack",
      Cloud(name: "OpenStack", advice: "allow the networks as address pairs of the port")
    ),
    (
      "digitalocean",
      Cloud(name: "DigitalOcean", advice: "masquerade: it cannot be turned off there")
    ),
  ]
}

extension Cloud {
  /// What the machine's maker wrote into it: `/sys/class/dmi/id`.
  static let files = ["sys_vendor", "product_name", "chassis_asset_tag"]
    .map { "/sys/class/dmi/id/\($0)" }

  /// The cloud that some of these texts stand for.
  init?(signs: [String]) {
    let text = signs.joined(separator: "\n").lowercased()
    guard let cloud = Self.known.first(where: { text.contains($0.sign) })?.cloud else { return nil }
    self = cloud
  }
}
