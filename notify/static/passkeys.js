// Says so on the page when a passkey could not be used, instead of in the console only.
document.addEventListener('allauth.error', () => {
  const problem = document.getElementById('passkey-problem')
  if (problem) problem.hidden = false
})
