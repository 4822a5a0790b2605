const late = document.getElementById("late");
const show = () => late.replaceWith(late.content);
if (late.content.getElementById("banner")) setTimeout(show, Number(late.dataset.milliseconds));
else show();
