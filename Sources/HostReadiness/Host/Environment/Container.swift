/// A container that the host is: it shares the kernel of the machine that it is on.
struct Container: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case docker
    case podman
    case containerd
    case kubernetes
    case lxc
    case lxd
    case proxmox
    case nspawn
    case openVZ
    case virtuozzo
    /// What calls itself so.
    case other(String)
  }

  var kind: Kind
  /// What it was recognised by.
  var evidence: [Evidence]
}

extension Container.Kind {
  /// For programs: `docker`. Those of systemd, where it has one.
  var name: String {
    switch self {
    case .docker: "docker"
    case .podman: "podman"
    case .containerd: "containerd"
    case .kubernetes: "kubernetes"
    case .lxc: "lxc"
    case .lxd: "lxd"
    case .proxmox: "proxmox"
    case .nspawn: "systemd-nspawn"
    case .openVZ: "openvz"
    case .virtuozzo: "virtuozzo"
    case .other(let name): name
    }
  }

  /// As its makers write it: `Docker`.
  var title: String {
    switch self {
    case .docker: "Docker"
    case .podman: "Podman"
    case .containerd: "containerd"
    case .kubernetes: "Kubernetes"
    case .lxc: "LXC"
    case .lxd: "LXD or Incus"
    case .proxmox: "LXC on Proxmox"
    case .nspawn: "systemd-nspawn"
    case .openVZ: "OpenVZ"
    case .virtuozzo: "Virtuozzo"
    case .other(let name): String(name.prefix(24))
    }
  }

  /// Whether guests are kept from loading what IPsec needs, so that only another host helps.
  var isClosed: Bool { self == .openVZ || self == .virtuozzo }

  /// What the machine that the container is on has to provide.
  var advice: String {
    let load = "load xfrm_user, esp4 and esp6 on the machine at boot (/etc/modules-load.d)"
    return switch self {
    case .docker, .podman, .containerd:
      "\(load), and start the container with --cap-add NET_ADMIN; published UDP ports 500 and 4500, "
        + "or the host's network"
    case .kubernetes:
      "\(load), on every node that the pod may run on, and give the pod the capability NET_ADMIN"
    case .lxd:
      "have them loaded on the machine: `lxc config set NAME linux.kernel_modules "
        + "xfrm_user,esp4,esp6`"
    case .proxmox: "\(load): that is the Proxmox node"
    case .openVZ, .virtuozzo:
      "move to a virtual machine (KVM, Xen), which has a kernel of its own; some providers load the "
        + "modules on the node when asked"
    case .lxc, .nspawn, .other: load
    }
  }
}

extension Container.Kind {
  /// What a manager of containers says in the variable `container`, as `/run/systemd/container` and
  /// `systemd-detect-virt` repeat it; `nil` if it means none.
  init?(systemd name: String, release: String) {
    switch name {
    case "", "none": return nil
    case "docker": self = .docker
    case "podman": self = .podman
    case "lxc", "lxc-libvirt":
      self = name == "lxc" && release.hasSuffix("-pve") ? .proxmox : .lxc
    case "systemd-nspawn": self = .nspawn
    case "openvz": self = .openVZ
    // Neither is a container for what matters here: they have a kernel of their own kind.
    case "wsl", "gvisor": return nil
    default: self = .other(name)
    }
  }
}
