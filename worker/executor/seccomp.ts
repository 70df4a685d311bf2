/**
 * The system calls a script may not make, as a classic BPF program for `bwrap --seccomp`. Assembled here so that no
 * compiler is needed. It denies what widens the kernel's attack surface or reaches out of the sandbox; isolate 2.4–2.6
 * and Docker's default profile are the measure, but for file locks, which SQLite needs (docs/red-team.md). What is denied
 * fails with an errno, as on a kernel without it.
 */

type Architecture = { audit: number; calls: Record<string, number>; clone: number; clone3: number; socket: number; ioctl: number; fcntl: number; x32: boolean };

/** Denied with EPERM. Numbers: x86_64, arm64 (asm-generic); null where the architecture has no such call. */
const DENIED: Record<string, [x64: number, arm64: number | null]> = {
  // new namespaces, mounts, roots
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  // keys are kept per uid, not per namespace
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // other processes
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  process_madvise: [440, 440],
  // large and young parts of the kernel
  bpf: [321, 280],
  userfaultfd: [323, 282],
  perf_event_open: [298, 241],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  fanotify_init: [300, 262],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  lookup_dcookie: [212, 18],
  // the machine itself
  reboot: [169, 142],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  syslog: [103, 116],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  vhangup: [153, 58],
  nfsservctl: [180, 42],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  // NUMA placement of others' memory
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  set_mempolicy_home_node: [450, 450],
  // long out of use
  uselib: [134, null],
  ustat: [136, null],
  sysfs: [139, null],
};

const ARCHITECTURES: Record<string, Architecture | undefined> = {
  x64: {
    audit: 0xc000003e,
    calls: Object.fromEntries(Object.entries(DENIED).map(([name, [number]]) => [name, number])),
    clone: 56,
    clone3: 435,
    socket: 41,
    ioctl: 16,
    fcntl: 72,
    x32: true,
  },
  arm64: {
    audit: 0xc00000b7,
    calls: Object.fromEntries(Object.entries(DENIED).flatMap(([name, [, number]]) => (number === null ? [] : [[name, number]]))),
    clone: 220,
    clone3: 435,
    socket: 198,
    ioctl: 29,
    fcntl: 25,
    x32: false,
  },
};

/** Socket families a script may use: unix, IPv4, IPv6 and netlink (getifaddrs needs it). Not vsock, packet, alg, … */
const FAMILIES = [1, 2, 10, 16];
/** CLONE_NEW{TIME,NS,CGROUP,UTS,IPC,USER,PID,NET} in clone's flags (sched.h). */
const CLONE_NEW = 0x00000080 | 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;
/** ioctls that type into a terminal: the classic way out of a session. */
const TIOCSTI = 0x5412;
const TIOCLINUX = 0x541c;
/** Commands of fcntl that reach beyond a sandbox by a file that several share, and that nobody needs. */
const F_SETLEASE = 1024;
const F_NOTIFY = 1026;

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const errno = (code: number) => 0x00050000 | code;

// linux/bpf_common.h
const LOAD = 0x20;
const RETURN = 0x06;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_SET = 0x45;
// offsetof(struct seccomp_data, …)
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENT = (index: number) => 16 + 8 * index;

type Instruction = [code: number, jumpTrue: number, jumpFalse: number, k: number];

/** The numbers of the calls that always fail with EPERM, by name. */
export const deniedCalls = (architecture: string = process.arch): Record<string, number> => ARCHITECTURES[architecture]?.calls ?? {};

/** The filter for an architecture, ready for the kernel (struct sock_filter[], little endian). @throws for one that has none. */
export function seccompFilter(architecture: string = process.arch): Buffer {
  const arch = ARCHITECTURES[architecture];
  if (arch === undefined) throw new Error(`There is no system call filter for the architecture ${architecture}.`);
  const only = (call: number, body: Instruction[]): Instruction[] => [[JUMP_EQUAL, 0, body.length, call], ...body];
  const program: Instruction[] = [
    [LOAD, 0, 0, ARCHITECTURE],
    [JUMP_EQUAL, 1, 0, arch.audit],
    [RETURN, 0, 0, KILL],
    [LOAD, 0, 0, NUMBER],
    // The x32 ABI has numbers of its own, past any list made for x86_64.
    ...(arch.x32
      ? ([
          [JUMP_AT_LEAST, 0, 1, 0x40000000],
          [RETURN, 0, 0, errno(ENOSYS)],
        ] satisfies Instruction[])
      : []),
    // Its flags are in memory that a filter can't read; without it the C library falls back to clone.
    ...only(arch.clone3, [[RETURN, 0, 0, errno(ENOSYS)]]),
    ...only(arch.clone, [
      [LOAD, 0, 0, ARGUMENT(0)],
      [JUMP_SET, 0, 1, CLONE_NEW],
      [RETURN, 0, 0, errno(EPERM)],
      [RETURN, 0, 0, ALLOW],
    ]),
    ...only(arch.socket, [
      [LOAD, 0, 0, ARGUMENT(0)],
      ...FAMILIES.map((family, index): Instruction => [JUMP_EQUAL, FAMILIES.length - index, 0, family]),
      [RETURN, 0, 0, errno(EAFNOSUPPORT)],
      [RETURN, 0, 0, ALLOW],
    ]),
    ...only(arch.ioctl, [
      [LOAD, 0, 0, ARGUMENT(1)],
      [JUMP_EQUAL, 1, 0, TIOCSTI],
      [JUMP_EQUAL, 0, 1, TIOCLINUX],
      [RETURN, 0, 0, errno(EPERM)],
      [RETURN, 0, 0, ALLOW],
    ]),
    ...only(arch.fcntl, [
      [LOAD, 0, 0, ARGUMENT(1)],
      [JUMP_EQUAL, 1, 0, F_SETLEASE],
      [JUMP_EQUAL, 0, 1, F_NOTIFY],
      [RETURN, 0, 0, errno(EPERM)],
      [RETURN, 0, 0, ALLOW],
    ]),
    ...Object.values(arch.calls).flatMap((call) => only(call, [[RETURN, 0, 0, errno(EPERM)]])),
    [RETURN, 0, 0, ALLOW],
  ];
  const buffer = Buffer.alloc(program.length * 8);
  program.forEach(([code, jumpTrue, jumpFalse, k], index) => {
    buffer.writeUInt16LE(code, index * 8);
    buffer.writeUInt8(jumpTrue, index * 8 + 2);
    buffer.writeUInt8(jumpFalse, index * 8 + 3);
    buffer.writeUInt32LE(k >>> 0, index * 8 + 4);
  });
  return buffer;
}
