extension CheckDefinition {
  /// Whether the provider lets the host forward packets of other hosts.
  static let sourceCheck = CheckDefinition(
    id: "net.cloud-source-check", group: .routing, title: "Provider's source check",
    importance: Importance(
      gateway: .optional, strongswan: .optional, algo: .optional, libreswan: .optional),
    about: "reads who made the machine in /sys/class/dmi/id",
    why: "some providers drop what a host sends from addresses that are not its own, unless told "
      + "otherwise; what is masqueraded is not concerned",
    advice: "allow forwarding in the provider's console, or masquerade"
  ) { findings in
    let machine = findings.network.machine
    guard !machine.isEmpty else {
      return Judgement(
        status: .unknown, summary: "not known whose machine this is",
        explanation: Explanation(cause: "there is nothing in /sys/class/dmi/id"))
    }
    let evidence = machine.sorted { $0.key < $1.key }.map { Evidence($0.key, $0.value) }
    guard let cloud = Cloud(signs: machine.values.sorted()) else {
      return Judgement(
        status: .pass, summary: "none known of this machine", evidence: evidence)
    }
    return Judgement(
      status: .unknown, summary: "\(cloud.name) may check", evidence: evidence,
      explanation: Explanation(
        cause: "\(cloud.name) drops what does not come from the host's own addresses, unless told "
          + "otherwise, and from inside that cannot be seen",
        remedies: [Remedy("if the host forwards without masquerading, \(cloud.advice)")]))
  }
}
