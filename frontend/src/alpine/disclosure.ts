// Opens and closes one part: <div x-data="disclosure"> <button @click="toggle"> <div x-show="open">.
export default function disclosure(): Record<string, unknown> {
  return {
    open: false,
    toggle(this: { open: boolean }) {
      this.open = !this.open;
    },
  };
}
