export default function system() {}
