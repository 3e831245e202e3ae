const words = (text: string): Set<string> => new Set(text.split(" "));

/** What `icmp-type`, and `dport` with an ICMP protocol, may name (pve-firewall). */
export const ICMP_TYPES = words(
  "any echo-reply destination-unreachable network-unreachable host-unreachable protocol-unreachable port-unreachable fragmentation-needed source-route-failed network-unknown host-unknown network-prohibited host-prohibited TOS-network-unreachable TOS-host-unreachable communication-prohibited host-precedence-violation precedence-cutoff source-quench redirect network-redirect host-redirect TOS-network-redirect TOS-host-redirect echo-request router-advertisement router-solicitation time-exceeded ttl-zero-during-transit ttl-zero-during-reassembly parameter-problem ip-header-bad required-option-missing timestamp-request timestamp-reply address-mask-request address-mask-reply",
);
export const ICMP6_TYPES = words(
  "destination-unreachable no-route communication-prohibited beyond-scope address-unreachable port-unreachable failed-policy reject-route packet-too-big time-exceeded ttl-zero-during-transit ttl-zero-during-reassembly parameter-problem bad-header unknown-header-type unknown-option echo-request echo-reply router-solicitation router-advertisement neighbor-solicitation neighbour-solicitation neighbor-advertisement neighbour-advertisement redirect",
);

/** Predefined rules that `macro` may name, in their preferred spelling. */
export const MACROS =
  "Amanda Auth BGP BitTorrent BitTorrent32 Ceph CVS Citrix DAAP DCC DHCPfwd DHCPv6 DNS Distcc FTP Finger GNUnet GRE Git HKP HTTP HTTPS ICPV2 ICQ IMAP IMAPS IPIP IPsec IPsecah IPsecnat IRC Jetdirect L2TP LDAP LDAPS MSNP MSSQL Mail MDNS Munin MySQL NNTP NNTPS NTP NeighborDiscovery OSPF OpenVPN PCA PMG POP3 POP3S PPtP Ping PostgreSQL Printer RDP RIP RNDC Razor Rdate Rsync SANE SMB SMBswat SMTP SMTPS SNMP SPAMD SSH SVN SixXS SPICEproxy Squid Submission Syslog TFTP Telnet Telnets Time Trcrt VNC VNCL Web Webcache Webmin Whois".split(
    " ",
  );

/** Debian's `/etc/protocols`, with PVE's addition of icmpv6. */
const PROTOCOLS = words(
  "hopopt icmp igmp ggp ipencap st tcp egp igp pup udp hmp xns-idp rdp iso-tp4 dccp xtp ddp idpr-cmtp ipv6 ipv6-route ipv6-frag idrp rsvp gre esp ah skip ipv6-icmp icmpv6 ipv6-nonxt ipv6-opts rspf vmtp eigrp ospf ax.25 ipip etherip encap pim ipcomp vrrp l2tp isis sctp fc mobility-header udplite mpls-in-ip manet hip shim6 wesp rohc ethernet",
);
const PROTOCOL_NUMBERS = words(
  "0 1 2 3 4 5 6 8 9 12 17 20 22 27 29 33 36 37 38 41 43 44 45 46 47 50 51 57 58 59 60 73 81 88 89 93 94 97 98 103 108 112 115 124 132 133 135 136 137 138 139 140 141 142 143",
);
export const isProtocol = (name: string): boolean =>
  PROTOCOLS.has(name) || PROTOCOL_NUMBERS.has(name);

const WITH_PORTS = words("udp 17 udplite 136 tcp 6 dccp 33 sctp 132");
export const hasPorts = (protocol: string): boolean => WITH_PORTS.has(protocol);

const ICMP = words("icmp icmpv6 ipv6-icmp 1 58");
export const isIcmp = (protocol: string): boolean => ICMP.has(protocol);

/** Of Debian's `/etc/services`, the names that rules are written with. */
const SERVICES = words(
  "ftp-data ftp ssh telnet smtp time whois domain bootps bootpc tftp http kerberos pop2 pop3 sunrpc auth nntp ntp netbios-ns netbios-dgm netbios-ssn imap2 snmp snmp-trap bgp irc imap3 ldap https microsoft-ds isakmp rtsp nntps submission ldaps rsync domain-s ftps-data ftps telnets imaps pop3s socks openvpn ms-sql-s ms-sql-m radius radius-acct nfs mysql ms-wbt-server svn postgresql amqp amqps x11 sip sip-tls redis mdns http-alt webcache munin git syslog syslog-tls printer",
);
export const isService = (name: string): boolean => SERVICES.has(name);

/** Kernel modules that follow a protocol's connections. */
export const HELPERS = words("amanda ftp irc netbios-ns pptp sane sip snmp tftp");
