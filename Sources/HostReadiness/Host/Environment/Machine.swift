/// What the kernel runs on.
enum Machine: Hashable, Sendable {
  /// A virtual machine, and whose.
  case virtual(String, Evidence)
  /// No sign of a hypervisor.
  case physical
  /// Nothing tells.
  case unknown

  /// Whose virtual machine it is.
  var hypervisor: String? { if case .virtual(let name, _) = self { name } else { nil } }
}

extension Machine {
  /// - Parameter detector: Asked if the files show less than whose machine it is.
  init(_ tree: FileTree, _ detector: VirtualizationDetector) throws(FileError) {
    let processors = try tree.text("/proc/cpuinfo")
    if let type = try tree.line("/sys/hypervisor/type"), type == "xen" {
      self = .virtual("Xen", Evidence("/sys/hypervisor/type", type))
    } else if let product = try Self.product(tree) {
      self = product
    } else if processors?.contains("User Mode Linux") == true {
      self = .virtual("User-Mode Linux", Evidence("/proc/cpuinfo", "vendor_id: User Mode Linux"))
    } else if let detected = detector.answer(to: .machine), let name = Self.systemdNames[detected] {
      self = .virtual(name, Evidence("systemd-detect-virt", detected))
    } else if Self.isVirtual(processors) {
      self = .virtual("unnamed hypervisor", Evidence("/proc/cpuinfo", "flags: hypervisor"))
    } else {
      self = processors == nil && !tree.exists("/sys/class/dmi/id") ? .unknown : .physical
    }
  }

  private static func isVirtual(_ processors: String?) -> Bool {
    processors?.lines.contains { $0.hasPrefix("flags") && $0.words.contains("hypervisor") } ?? false
  }

  /// What the firmware says of whose machine this is.
  private static func product(_ tree: FileTree) throws(FileError) -> Machine? {
    let directory = "/sys/class/dmi/id"
    for file in ["\(directory)/sys_vendor", "\(directory)/product_name"] {
      guard let text = try tree.line(file) else { continue }
      guard let product = products.first(where: { text.contains($0.mark) }) else { continue }
      return .virtual(product.name, Evidence(file, text))
    }
    return nil
  }

  private static let products: [(mark: String, name: String)] = [
    ("QEMU", "QEMU or KVM"), ("KVM", "KVM"), ("OpenStack", "KVM (OpenStack)"),
    ("Amazon EC2", "Amazon EC2"), ("Google", "Google Compute Engine"),
    ("DigitalOcean", "KVM (DigitalOcean)"), ("Hetzner", "KVM (Hetzner)"), ("Vultr", "KVM (Vultr)"),
    ("Linode", "KVM (Linode)"), ("Akamai", "KVM (Linode)"), ("Scaleway", "KVM (Scaleway)"),
    ("UpCloud", "KVM (UpCloud)"), ("Alibaba", "KVM (Alibaba Cloud)"),
    ("Virtuozzo", "KVM (Virtuozzo)"), ("Parallels", "Parallels"), ("VMware", "VMware"),
    ("innotek", "VirtualBox"), ("VirtualBox", "VirtualBox"), ("Xen", "Xen"),
    ("Virtual Machine", "Hyper-V"), ("Apple Virtualization", "Apple Virtualization"),
    ("BHYVE", "bhyve"), ("Bochs", "Bochs"),
  ]

  private static let systemdNames = [
    "kvm": "KVM", "amazon": "Amazon EC2", "qemu": "QEMU", "xen": "Xen", "vmware": "VMware",
    "microsoft": "Hyper-V", "oracle": "VirtualBox", "bhyve": "bhyve", "parallels": "Parallels",
    "uml": "User-Mode Linux", "apple": "Apple Virtualization", "google": "Google Compute Engine",
    "vm-other": "unnamed hypervisor", "powervm": "PowerVM", "zvm": "z/VM",
  ]
}
