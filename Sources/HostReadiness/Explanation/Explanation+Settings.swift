internal import Netlink

extension Findings {
  /// How to change a setting below `/proc/sys`, by its path there.
  func set(_ path: String, to value: Int) -> Remedy {
    let name = KernelSettings.name(of: path)
    guard !network.settings.readOnly.contains(path) else {
      let place = host.container.map { "this \($0) container" } ?? "here"
      let option =
        ["docker", "podman"].contains(host.container)
        ? ": \(host.container ?? "") run --sysctl \(name)=\(value)" : ""
      return Remedy(
        "\(name) cannot be changed from within \(place): have it set to \(value) from outside"
          + option)
    }
    // sysctl tells what it has set in just the form that the file has.
    return Remedy(
      "set \(name) to \(value), now and at each boot",
      command: "sysctl -w \(name)=\(value) | tee -a /etc/sysctl.d/60-ipsec.conf")
  }

  /// What is left of a check on a setting that the kernel does not show.
  func notShown(_ path: String) -> Judgement {
    Judgement(
      status: .unknown, summary: "not shown here",
      explanation: Explanation(
        cause: "there is no /proc/sys/\(path) here, or it could not be read"))
  }

  /// What is left of a check on the network of a system that does not run, or does not tell.
  var topologyUnknown: Judgement {
    if case .failure(let error) = network.topology {
      return Judgement(
        status: .unknown, summary: "could not be asked", evidence: [error.evidence],
        explanation: Explanation(cause: "\(error)"))
    }
    return .notAsked
  }

  /// A setting and its value, as evidence.
  func evidence(_ path: String) -> Evidence {
    Evidence(
      KernelSettings.name(of: path), network.settings[path].map { "\($0)" } ?? "not shown")
  }

  /// Interfaces whose settings matter: those that are up and no tunnel of IPsec's own, or all if
  /// that is not known.
  var settingInterfaces: [String] {
    network.settings.interfaces.filter { name in
      guard let link = network.known?.link(named: name) else { return true }
      return link.isUp && !link.isLoopback
        && !["xfrm", "vti", "vti6"].contains(link.kind)
    }
  }
}
